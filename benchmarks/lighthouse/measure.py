"""What Lighthouse says of a site: its home, its longest story and its fullest beat, the median of five runs each.

`make lighthouse` asks about the demo's site, `make lighthouse SITE=FOLDER` about another. Needs `npm ci --prefix
benchmarks/lighthouse` (the Makefile does it) and Chromium. The site is served over loopback, compressed as every web
host does; Lighthouse simulates a middling telephone on a slow network (its default). Exit code 1 below a goal.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pipeline.preview import Preview
from pipeline.preview.server import Handler

TOOL = Path(__file__).parent / "node_modules" / ".bin" / "lighthouse"
GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
HOME_LIMIT = 100_000  # bytes as they travel, without images
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
TEXT = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")


class Compressing(Handler):
    """Answers as a web host does, with gzip."""

    def answer(self):
        found = super().answer()
        if found.kind.startswith(TEXT) and "gzip" in self.headers.get("Accept-Encoding", ""):
            self.compressed = gzip.compress(found.body, mtime=0)
            return type(found)(found.status, found.kind, self.compressed, found.location)
        self.compressed = b""
        return found

    def end_headers(self) -> None:
        if self.compressed:
            self.send_header("Content-Encoding", "gzip")
        super().end_headers()


class Host(Preview):
    """The preview, compressing."""

    handler = Compressing


def longest(site: Path, pattern: str) -> str:
    """The longest page that a pattern names, below the site."""
    return max(site.glob(pattern), key=lambda path: path.stat().st_size).relative_to(site).as_posix()


def ask(url: str, chromium: str, tries: int = 3) -> dict[str, object]:
    """One report of Lighthouse. A run that its browser breaks off says nothing of the page, and is made again."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        command = [str(TOOL), url, "--quiet", "--output=json", f"--output-path={out}", f"--chrome-flags={FLAGS}"]
        command.append(f"--only-categories={','.join(GOALS)}")
        env = os.environ | {"CHROME_PATH": chromium}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)  # noqa: S603
        if done.returncode == 0:
            return json.loads(out.read_text(encoding="utf-8"))
    if tries == 1:
        raise SystemExit(f"Lighthouse gave no report of {url}:\n{done.stderr[-2000:]}")
    return ask(url, chromium, tries - 1)


def measured(url: str, chromium: str, runs: int) -> dict[str, object]:
    """Scores of one page by category, medians of `runs`; what was lost where; bytes without images; paint in ms."""
    reports = [ask(url, chromium) for _ in range(runs)]
    scores = {
        name: round(statistics.median(report["categories"][name]["score"] * 100 for report in reports))
        for name in GOALS
    }
    last = reports[-1]
    lost = sorted(
        f"{key}: {audit['title']}"
        for name in GOALS
        if scores[name] < 100
        for ref in last["categories"][name]["auditRefs"]
        if ref["weight"]
        for key, audit in [(ref["id"], last["audits"][ref["id"]])]
        if audit["score"] is not None and audit["score"] < 0.99
    )
    asked = last["audits"]["network-requests"]["details"]["items"]
    size = sum(item["transferSize"] for item in asked if item["resourceType"] != "Image")
    paint = statistics.median(report["audits"]["first-contentful-paint"]["numericValue"] for report in reports)
    largest = statistics.median(report["audits"]["largest-contentful-paint"]["numericValue"] for report in reports)
    return {"scores": scores, "lost": lost, "bytes": size, "first_paint_ms": round(paint), "largest_ms": round(largest)}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where a page misses a goal, 2 where something is not installed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, nargs="?", default=Path("output/site"), help="default: output/site")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None or not TOOL.exists() or not (args.site / "index.html").is_file():
        print("needs chromium, npm ci --prefix benchmarks/lighthouse, and a site (make demo)", file=sys.stderr)
        return 2
    pages = ["index.html", longest(args.site, "stories/*/index.html"), longest(args.site, "beats/*/index.html")]
    with Host(args.site, reload=False) as host:
        found = {page: measured(host.url + page.removesuffix("index.html"), chromium, args.runs) for page in pages}
    for page, told in found.items() if not args.json else ():
        scores = "  ".join(f"{name} {score}" for name, score in told["scores"].items())
        print(
            f"{page}\n  {scores}  {told['bytes']:,} bytes, paint {told['first_paint_ms']} ms, {told['largest_ms']} ms"
        )
        print("".join(f"  - {one}\n" for one in told["lost"]), end="")
    if args.json:
        print(json.dumps(found, indent=1))
    missed = any(told["scores"][name] < goal for told in found.values() for name, goal in GOALS.items())
    return 1 if missed or found["index.html"]["bytes"] > HOME_LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())

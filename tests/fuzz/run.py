"""Coverage-guided fuzzing of one law, or of all in turn: `python tests/fuzz/run.py [LAW] [--seconds 300]`.

atheris (libFuzzer) keeps what reaches new code in `.fuzz/LAW/`; what breaks a law is left in
`.fuzz/LAW-crash-...` and, once the code is mended, belongs into tests/fuzz/found.py, which the suite tries.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SEEDS = {
    "url": ["https://www.example.com:443/a/../b?utm_source=x&q=1#top\nhttps://x.example/", "http://xn--n3h.example/%zz"],
    "guard": ["\x7f\x00\x00\x01", "localhost", "0x7f.1", "64:ff9b::7f00:1"],
    "feed": ["text/xml\n<rss version='2.0'><channel><item><title>a</title><link>https://a.example/b</link></item></channel></rss>"],
    "span": ["The port ordered 12 turbines on Monday, Ana Reyes said. It costs $2 million, the port said."],
    "number": ["four in ten, 15 GW, $1.5 billion to 2bn, 3,000-4,000 people, 12 %, one and a half million"],
    "gate": ["The port ordered 12 turbines, it said.\nThe port said it ordered a dozen turbines on Monday."],
}  # fmt: skip


def hunt(law: str, seconds: int) -> int:
    """Fuzz one law in a process of its own; its exit code."""
    kept = ROOT / ".fuzz" / law
    kept.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[law]):
        (kept / f"seed-{number}").write_bytes(seed.encode("latin-1"))
    options = [
        f"-max_total_time={seconds}",
        "-max_len=2048",
        "-timeout=20",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
    ]
    command = [sys.executable, str(HERE / "run.py"), "--inner", law, str(kept), *options]
    command += [f"-artifact_prefix={ROOT / '.fuzz' / law}-"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    said = done.stderr.splitlines()
    figures = [line for line in said if "number_of_executed_units" in line or ("#" in line[:1] and "DONE" in line)]
    if done.returncode:
        figures += said[-30:]
    sys.stdout.write(f"{law}: exit {done.returncode}\n" + "".join(f"  {line}\n" for line in figures))
    return done.returncode


def inner(law: str, arguments: list[str]) -> None:
    """The process that fuzzes: never returns."""
    import atheris  # not installed where nobody fuzzes

    sys.path[:0] = [str(HERE), str(HERE.parent), str(ROOT)]
    with atheris.instrument_imports(include=["pipeline", "feedparser", "ipaddress"]):
        from laws import LAWS  # only what is imported here is watched
    atheris.Setup(["fuzz", *arguments], LAWS[law])
    atheris.Fuzz()


def main() -> int:
    if sys.argv[1:2] == ["--inner"]:
        inner(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("law", nargs="?", choices=sorted(SEEDS))
    parser.add_argument("--seconds", type=int, default=300, help="of each law")
    asked = parser.parse_args()
    return max(hunt(law, asked.seconds) for law in ([asked.law] if asked.law else sorted(SEEDS)))


if __name__ == "__main__":
    sys.exit(main())

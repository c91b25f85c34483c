"""`citewire serve`: the site in a browser of this machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from pipeline import resources
from pipeline.cli.console import print_json
from pipeline.errors import UsageError
from pipeline.settings import load

EVERY = 0.5  # seconds between two looks at what is watched


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `serve`."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        metavar="FOLDER",
        help="a folder with a site in it, such as the demo's (default: the desk's output)",
    )
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="default 8000; 0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="default 127.0.0.1: this machine only")
    parser.add_argument(
        "--watch", action="store_true", help="publish again when the configuration or a template is edited"
    )
    parser.add_argument("--no-reload", action="store_true", help="send pages exactly as they are published")


def serve(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C. Raises UsageError where there is no site or the address is taken, ConfigurationError."""
    from pipeline.preview import Preview, Watched  # noqa: PLC0415  worker processes import this module

    if args.watch and args.folder is not None:
        raise UsageError("--watch publishes the desk of --config again; leave FOLDER out")
    site = _site(args.folder if args.folder is not None else load(args.config).output_path)
    watched = Watched([args.config, resources.folder("templates")] if args.watch else [])
    try:
        with Preview(site, args.host, args.port, reload=not args.no_reload) as preview:
            _tell(args, preview.url, site)
            while True:
                time.sleep(EVERY)
                if args.watch and watched.changed():
                    _publish(args.config)
    except KeyboardInterrupt:
        return 0


def _site(folder: Path) -> Path:
    """The link or folder that holds the pages: `folder` or the `site` in it."""
    for place in (folder / "site", folder):
        if (place / "index.html").is_file():
            return place
    raise UsageError(f"nothing is published in {folder} yet; start with: citewire run")


def _tell(args: argparse.Namespace, url: str, site: Path) -> None:
    if args.json:
        print_json({"url": url, "site": str(site)})
        sys.stdout.flush()
    elif not args.quiet:
        print(f"{url} shows {site}; Ctrl-C ends it", flush=True)


def _publish(config: Path) -> None:
    """Publish in a process of its own: templates are read once in a process. What it says goes to stderr."""
    command = [sys.executable, "-m", "pipeline", "publish", "--config", str(config)]
    subprocess.run(command, stdout=sys.stderr, check=False)  # noqa: S603  this program, and the operator's own path

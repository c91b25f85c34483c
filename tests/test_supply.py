"""The supply chain: what is locked, what the core may hold and load, the bill of materials, an audit without gaps."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
SUPPLY = ROOT / "supply"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
AUDIT = runpy.run_path(str(SUPPLY / "audit.py"))
LOCKS = ("dev", "container", "core", "tools", "build", "long")
MOST = 60  # packages of a core install
MACHINES = [
    {"python_full_version": f"{python}.0", "python_version": python, "sys_platform": system, "platform_system": name}
    for python in ("3.11", "3.12", "3.13", "3.14")
    for system, name in (("linux", "Linux"), ("darwin", "Darwin"))
]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(name: str) -> list[tuple[Requirement, int]]:
    """The pins of a lock file, and how many hashes each has."""
    joined = (SUPPLY / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line and not line.startswith("#")]
    return [(Requirement(line.partition(" --hash")[0]), line.count("--hash=sha256:")) for line in lines]


def installed(name: str, machine: dict[str, str]) -> dict[str, Requirement]:
    """What a lock file installs on a machine."""
    found = [one for one, _ in locked(name) if one.marker is None or one.marker.evaluate(machine)]
    assert len(found) == len({normal(one.name) for one in found}), "one version of each"
    return {normal(one.name): one for one in found}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_to_one_version_with_hashes(name):
    pins = locked(name)
    assert len(pins) > 3
    for pin, hashes in pins:
        assert hashes, pin
        assert re.fullmatch(r"==[\w.!+]+", str(pin.specifier)), pin
        assert pin.url is None, pin
    text = (SUPPLY / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.search(r"^-|://|/opt/|file:", text, re.MULTILINE), "no machine's own index"


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: f"{one['python_version']}-{one['sys_platform']}")
def test_the_locks_are_up_to_date_on_every_machine(machine):
    extras = PROJECT["optional-dependencies"]
    everything = {extra for extra in extras if extra != "dev"} | {"dev"}
    wanted = {"core": [], "container": ["cards", "notify"], "dev": sorted(everything)}
    for name, chosen in wanted.items():
        have = installed(name, machine)
        lines = [*PROJECT["dependencies"], *(line for extra in chosen for line in extras[extra])]
        for line in lines:
            need = Requirement(line)
            if normal(need.name) == "citewire" or (need.marker and not need.marker.evaluate(machine)):
                continue
            assert normal(need.name) in have, f"{need} is not in supply/{name}.txt: run `make lock`"
            (version,) = have[normal(need.name)].specifier
            assert need.specifier.contains(version.version, prereleases=True), f"{need}: run `make lock`"


def test_lock_files_agree_with_each_other():
    for machine in MACHINES:
        dev = installed("dev", machine)
        for name in ("core", "container", "tools"):
            shared = installed(name, machine).keys() & dev.keys()
            assert all(installed(name, machine)[one].specifier == dev[one].specifier for one in shared)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: f"{one['python_version']}-{one['sys_platform']}")
def test_the_core_is_small_and_has_no_heavy_part(machine):
    have = installed("core", machine)
    heavy = re.compile(
        r"torch|transformers|openai|anthropic|pydantic-ai.*|google-genai|boto3|fastapi|flask|uvicorn|starlette|django|aiohttp|mcp|litellm|nvidia.*"
    )
    assert len(have) <= MOST, f"{len(have)} packages"
    assert not [name for name in have if heavy.fullmatch(name)]


def test_nothing_heavy_is_locked_for_a_container_either():
    assert not {"torch", "transformers", "sentence-transformers"} & {normal(one.name) for one, _ in locked("container")}
    assert not [
        one for one, _ in locked("dev") if normal(one.name) in {"torch", "triton"} or one.name.startswith("nvidia")
    ]


HEAVY = (
    "torch transformers sentence_transformers pydantic_ai openai anthropic google.genai mistralai groq boto3 litellm"
)
SERVERS = "fastapi starlette uvicorn flask django aiohttp mcp"  # not tornado: tenacity looks whether it is there


def core_modules() -> list[str]:
    """Every module of the package that is no adapter of an extra."""
    extras = runpy.run_path(str(ROOT / "tests" / "test_packaging.py"))["EXTRA_MODULES"]
    found = []
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        place = path.relative_to(ROOT / "pipeline").as_posix()
        if (
            place not in extras
            and path.name != "__main__.py"
            and "migrations/versions" not in place
            and path.name != "env.py"
        ):
            found.append(
                "pipeline."
                + place.removesuffix(".py").replace("/", ".").removesuffix(".__init__").removesuffix("__init__")
            )
    return [name.rstrip(".") for name in found]


def test_no_core_module_loads_a_model_kit_or_a_server():
    """In a clean interpreter, every one of them; an extra that is installed must not be touched."""
    code = f"import importlib, sys\nfor name in {core_modules()!r}: importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = set(done.stdout.split())
    assert len(core_modules()) > 200
    assert "pipeline.app" in loaded
    assert not loaded & {*HEAVY.split(), *SERVERS.split()}


def test_deployments_install_what_is_locked():
    container = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"pip install [^\n]*--require-hashes --no-deps -r supply/container.txt", container)
    for command in re.findall(r"pip install [^&\n]+", container):
        assert "--require-hashes" in command or "--no-index" in command, command


def test_actions_are_pinned_by_commit():
    used = re.findall(r"uses: (\S+)", (ROOT / "deploy" / "github-pages.yml").read_text(encoding="utf-8"))
    assert used
    assert not [one for one in used if not re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", one)]


# --- the bill of materials -------------------------------------------------------------------------------------------


def test_the_bill_of_materials_is_valid_and_lists_what_the_container_holds(tmp_path):
    target = tmp_path / "sbom.json"
    command = re.search(r"^sbom:.*?\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert command
    words = re.search(r"cyclonedx-py (.*?)--output-file", command[1].replace("\\\n", " "), re.DOTALL)
    assert words
    asked = [sys.executable, "-m", "cyclonedx_py", *words[1].split(), "--output-file", str(target)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    bill = json.loads(target.read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {(normal(one["name"]), one["version"]) for one in bill["components"]}
    assert listed == {(normal(one.name), str(one.specifier)[2:]) for one, _ in locked("container")}
    assert all(
        hashes["alg"] == "SHA-256" for one in bill["components"] for hashes in one["externalReferences"][0]["hashes"]
    )


# --- the audit -------------------------------------------------------------------------------------------------------


@contextmanager
def database(answer: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A database of advisories on loopback; `answer` makes a status and a body of a question."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(question)
            status, body = answer(question)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query", asked
    finally:
        server.shutdown()
        server.server_close()


def lock_of(folder: Path, *pins: str) -> Path:
    path = folder / "lock.txt"
    path.write_text(
        "# made by make lock\n" + "".join(f"{pin} \\\n    --hash=sha256:{'ab' * 32}\n" for pin in pins), "utf-8"
    )
    return path


def audited(url: str, *locks: Path) -> int:
    result = AUDIT["main"]([*map(str, locks), "--osv-url", url])
    assert isinstance(result, int)
    return result


def nothing(_: object) -> tuple[int, bytes]:
    return 200, b"{}"


def advisory(question: dict[str, Any]) -> tuple[int, bytes]:
    if question["package"]["name"] != "gamma":
        return 200, b"{}"
    affected = [{"package": {"name": "gamma", "ecosystem": "PyPI"}, "ranges": []}]
    return 200, json.dumps({"vulns": [{"id": "PYSEC-2026-1", "summary": "bad", "affected": affected}]}).encode()


def test_every_pin_is_asked_about_whatever_its_marker(tmp_path, capsys):
    lock = lock_of(tmp_path, "alpha==1.0", "beta==2.0 ; sys_platform == 'win32'", "alpha==1.1 ; python_version > '4'")
    with database(nothing) as (url, asked):
        assert audited(url, lock) == 0
    found = {(one["package"]["name"], one["version"]) for one in asked}
    assert found == {("alpha", "1.0"), ("beta", "2.0"), ("alpha", "1.1")}
    assert "0 of 3 locked packages" in capsys.readouterr().out


def test_an_advisory_fails_the_audit(tmp_path, capsys):
    with database(advisory) as (url, _):
        assert audited(url, lock_of(tmp_path, "alpha==1.0", "gamma==3.1")) == 1
    assert "gamma 3.1: PYSEC-2026-1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: (503, b"busy"),
        lambda _: (200, b"not json"),
        lambda question: (500, b"") if question["package"]["name"] == "beta" else (200, b"{}"),
    ],
)
def test_an_audit_that_was_not_answered_whole_fails(tmp_path, capsys, answer):
    with database(answer) as (url, _):
        assert audited(url, lock_of(tmp_path, "alpha==1.0", "beta==2.0")) == 2
    assert "audit: NOT MADE" in capsys.readouterr().err


def test_an_audit_without_its_database_fails(tmp_path, capsys):
    with database(nothing) as (url, _):
        pass
    assert audited(url, lock_of(tmp_path, "alpha==1.0")) == 2
    assert "NOT MADE" in capsys.readouterr().err


@pytest.mark.parametrize(
    "line", ["alpha==1.0", "alpha>=1.0 --hash=sha256:" + "ab" * 32, "-e .", "alpha==1.0 --hash=md5:00"]
)
def test_what_is_not_locked_is_not_audited_in_silence(tmp_path, capsys, line):
    lock = tmp_path / "lock.txt"
    lock.write_text(line + "\n", encoding="utf-8")
    assert audited("http://127.0.0.1:9/", lock) == 2
    lock.write_text("# empty\n", encoding="utf-8")
    assert audited("http://127.0.0.1:9/", lock) == 2
    assert "NOT MADE" in capsys.readouterr().err


def test_a_package_that_was_skipped_is_noticed(tmp_path, capsys, monkeypatch):
    """As when pip-audit could not look one up and left it out of its answer."""
    told = {"dependencies": [{"name": "alpha", "version": "1.0", "vulns": []}, {"name": "beta", "skip_reason": "x"}]}
    done = subprocess.CompletedProcess([], 0, json.dumps(told), "")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done)
    assert audited("http://x", lock_of(tmp_path, "alpha==1.0", "beta==2.0")) == 2
    told["dependencies"].pop()
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, json.dumps(told), ""))
    assert audited("http://x", lock_of(tmp_path, "alpha==1.0", "beta==2.0")) == 2
    assert "1 of 2 packages were skipped, first beta==2.0" in capsys.readouterr().err

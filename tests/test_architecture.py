"""Imports go down the shelves, never sideways, never up; and the other rules that keep the house in order."""

import ast
import functools
import sys
from pathlib import Path

import pytest

# Low to high. A module imports from lower shelves and from its own package only.
SHELVES = [
    "amends collecting errors events locating packing preferences serial slugs spans spill threads",
    "domain registry resources roles lock upkeep",
    "protocols settings vault",
    "language parsing addresses barred computations remembered rulebook scripts shelved status",
    "edition prompts records repetition variants outlets attested outcomes prior",
    "terms phrasing gate extract claiming entities",
    "embedders origins people relevance storylines sourcing",
    "compose detectors findings retrieval bundles exporting",
    "corrections evening explaining perusal",
    "newsroom rounds",
    "correcting signalled publishing",
    "ingest recheck analyze signals write publish topic fetch sources llms stores engines renderers scaffold",
    "mcp_server notifying preview",
    "backtest",
    "evals",
    "operating",
    "app",
    "run",
    "demo",
    "cli",
    "__main__",
]
SHELF = {name: n for n, names in enumerate(SHELVES) for name in names.split()}
ROOT = Path(__file__).parent.parent / "pipeline"
MODULES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")
HTTP = {"httpx", "httpx2", "httpcore", "httpcore2", "requests", "urllib3", "aiohttp", "urllib.request", "http.client"}

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())


def part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@functools.cache
def imports(path: Path) -> set[str]:
    """Absolute dotted names that `path` imports, wherever in the file; `from a import b` gives a and a.b."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno} imports relatively"
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def parts_imported(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imports(path) if name.startswith("pipeline.")}
    return {name for name in names if (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()} - {part(path)}


@each_module
def test_imports_go_down(path):
    wrong = {name for name in parts_imported(path) if SHELF.get(name, 99) >= SHELF.get(part(path), 99)}
    assert not wrong, f"{part(path)} (shelf {SHELF.get(part(path))}) may not import {sorted(wrong)}"


def test_every_module_has_a_shelf_and_every_shelf_its_modules():
    assert {part(path) for path in MODULES} == set(SHELF)


def test_adapters_are_named_in_tables_only():
    """Stages and adapters meet in app: nobody else imports a concrete adapter by name."""
    adapters = {f"pipeline.{folder}" for folder in ("sources", "llms", "stores", "engines", "renderers")}
    allowed = {"app", "cli", "evals", "operating"}  # the last looks after the store's file itself
    for path in MODULES:
        used = {name for name in imports(path) if any(name == a or name.startswith(a + ".") for a in adapters)}
        foreign = {name for name in used if name.split(".")[1] != part(path)}
        assert not foreign or part(path) in allowed, f"{path.name} imports {sorted(foreign)}"


@each_module
def test_only_fetch_speaks_http(path):
    used = imports(path) & HTTP
    # The demo's server brings its own. What the kits of models are handed is bounded in one place.
    allowed = part(path) == "fetch" or path == ROOT / "llms" / "wire.py"
    assert not used or allowed, f"{path.name} imports {sorted(used)}; HTTP lives in pipeline/fetch"


@each_module
def test_only_settings_and_cli_see_the_environment(path):
    used = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)} & {"environ", "getenv"}
    # The embedder tells its library something through the environment; it reads nothing from it.
    assert not used or part(path) in {"cli", "settings"} or path.stem == "sentence_transformers"


@each_module
def test_pure_cores_read_no_clock_and_no_dice(path):
    if not SHELF.get("protocols", 1) < SHELF.get(part(path), 99) < SHELF["ingest"] or part(path) == "lock":
        return
    used = imports(path)
    assert not used & {"random", "secrets", "uuid", "sqlalchemy", "sqlite3", "socket"}, f"{path.name}: {sorted(used)}"
    calls = {ast.unparse(node.func) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)}
    assert not {c for c in calls if c.endswith(("datetime.now", "utcnow", "date.today", "time.time"))}


@each_module
def test_modules_stay_small(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= 400, f"{lines} lines: split it by idea"


@each_module
def test_no_module_is_named_like_the_standard_library(path):
    assert path.stem.strip("_") not in sys.stdlib_module_names or path.stem in {"__init__", "__main__"}


@each_module
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(tree(path)), "no module docstring"


@each_module
def test_public_functions_say_what_they_do(path):
    silent = [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert not silent, f"without a docstring: {silent}"


@each_module
def test_nouns_are_read_from_the_one_vocabulary(path):
    if part(path) != "domain":
        families = {f"pipeline.domain.{family.stem}" for family in (ROOT / "domain").glob("*.py")}
        assert not imports(path) & families


def test_each_noun_is_defined_once():
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(path.relative_to(ROOT).as_posix())
    homes["Section"] = [home for home in homes["Section"] if home != "preferences.py"]  # a TOML word there
    nouns = {name for name, places in homes.items() if any(place.startswith("domain/") for place in places)}
    assert {name: places for name, places in homes.items() if name in nouns and len(places) > 1} == {}

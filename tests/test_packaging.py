"""The package as it is installed: what the wheel holds, what the core needs, what importing it loads."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pipeline"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Modules that belong to an extra; everything else in pipeline/ is core.
EXTRA_MODULES = {
    "embedders/folders.py": ("semantic", "huggingface_hub"),
    "engines/dask.py": ("dask", "dask"),
    "stores/postgres.py": ("postgres", "psycopg"),
    "stores/sessions.py": ("postgres", "psycopg"),
    "embedders/sentence_transformers.py": ("semantic", "sentence_transformers"),
    "exporting/parquet.py": ("parquet", "pyarrow"),
    "mcp_server/server.py": ("mcp", "mcp"),
    "notifying/sending.py": ("notify", "apprise"),
    "llms/dialects/anthropic.py": ("anthropic", "pydantic_ai"),
    "llms/dialects/bedrock.py": ("bedrock", "pydantic_ai"),
    "llms/dialects/google.py": ("google", "pydantic_ai"),
    "llms/dialects/groq.py": ("groq", "pydantic_ai"),
    "llms/dialects/mistral.py": ("mistral", "pydantic_ai"),
    "llms/dialects/nli.py": ("semantic", "sentence_transformers"),
    "llms/dialects/openai.py": ("llm", "pydantic_ai"),
    "llms/dialects/systemone.py": ("llm", "pydantic_ai"),
    "llms/faults.py": ("llm", "pydantic_ai"),
    "llms/kit.py": ("llm", "jsonschema"),
    "llms/pricing.py": ("llm", "genai_prices"),
    "llms/wire.py": ("llm", "httpx2"),
    "operating/metrics.py": ("telemetry", "prometheus_client"),
    "operating/traces.py": ("telemetry", "opentelemetry"),
    "renderers/cards/drawing.py": ("cards", "PIL"),
    "sources/pdf.py": ("pdf", "pypdf"),
}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    return {normal(re.match(r"[\w.-]+", requirement)[0]) for requirement in requirements}


def third_party(path: Path) -> set[str]:
    """Top-level packages outside the standard library that `path` imports, anywhere in the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    names |= {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module")
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    return {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"pipeline"}


def test_core_imports_are_the_declared_core_dependencies():
    modules = {path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).as_posix() not in EXTRA_MODULES}
    used = set().union(*(third_party(path) for path in modules))
    distributions = metadata.packages_distributions()
    imported = {normal(name) for package in used for name in distributions.get(package, [package])}
    # lxml_html_clean is not imported by name: trafilatura needs it and its own requirements forget it.
    assert imported | {"lxml-html-clean"} == declared(PROJECT["dependencies"])


def test_extras_hold_what_their_modules_name():
    for place, (extra, package) in EXTRA_MODULES.items():
        assert package in (PACKAGE / place).read_text(encoding="utf-8")
        assert normal(package) in " ".join(PROJECT["optional-dependencies"][extra])


def test_the_core_is_free_of_heavy_parts():
    heavy = {
        "torch",
        "sentence-transformers",
        "transformers",
        "openai",
        "anthropic",
        "fastapi",
        "litellm",
        "igraph",
        "leidenalg",
    }
    assert not declared(PROJECT["dependencies"]) & heavy


def test_importing_the_command_line_loads_no_heavy_part():
    code = "import sys, pipeline.cli; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "pipeline" in loaded
    # Parser processes import the parent's main module too: what is heavy costs each of them time and address space.
    heavy = {"torch", "transformers", "sentence_transformers", "pydantic_ai", "openai", "numpy", "scipy", "sqlalchemy"}
    assert not loaded & {*heavy, "pipeline.gate", "pipeline.app"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The built wheel. No index is asked: hatchling stands in the development environment."""
    target = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "-q",
        "-w",
        str(target),
        str(ROOT),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return next(target.glob("citewire-*.whl"))


def files_under(*folders: str) -> set[str]:
    found = set()
    for folder in folders:
        found |= {
            p.relative_to(ROOT).as_posix()
            for p in (ROOT / folder).rglob("*")
            if p.is_file() and "__pycache__" not in p.parts
        }
    return found


def test_the_wheel_holds_code_prompts_templates_and_sample(wheel):
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"pipeline/_{name}" for name in files_under("prompts", "templates")} | files_under("pipeline")
    expected |= {"pipeline/_example/citewire.toml", "pipeline/py.typed"}
    assert expected <= inside
    assert {name for name in inside if ".dist-info/" not in name} == expected, "nothing else travels"
    assert not {name for name in inside if name.endswith((".pth", ".so", ".exe"))}


def test_the_wheel_says_what_it_is(wheel):
    archive = zipfile.ZipFile(wheel)
    meta = archive.read(next(name for name in archive.namelist() if name.endswith("METADATA"))).decode()
    entry = archive.read(next(name for name in archive.namelist() if name.endswith("entry_points.txt"))).decode()
    assert "License-Expression: Apache-2.0" in meta
    assert "citewire = pipeline.cli:main" in entry
    assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel unpacked where no checkout is near."""
    target = tmp_path_factory.mktemp("site")
    zipfile.ZipFile(wheel).extractall(target)
    return target


def run_installed(installed: Path, folder: Path, *arguments: str) -> str:
    """Python with the unpacked wheel first on its path, run in `folder`."""
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(installed)!r})\n" + arguments[0],
        *arguments[1:],
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_wheel_finds_what_travels_with_it(installed, tmp_path):
    code = (
        "import pipeline; from pipeline import resources; from pipeline.demo.articles import load\n"
        "print(pipeline.__file__)\n"
        "print(len(resources.names('prompts', '*.md')), len(resources.names('templates', '*.html')))\n"
        "print(len(load().articles))"
    )
    where, counts, articles = run_installed(installed, tmp_path, code).splitlines()
    assert where.startswith(str(installed))
    assert all(int(count) > 0 for count in counts.split())
    assert int(articles) > 90


def test_an_installed_wheel_makes_a_desk(installed, tmp_path):
    code = "import sys; from pipeline.cli import main; sys.exit(main(sys.argv[1:]))"
    run_installed(installed, tmp_path, code, "init", "desk")
    listed = run_installed(installed, tmp_path, code, "sources", "list", "--config", "desk/citewire.toml")
    assert "Hacker News" in listed
    assert (tmp_path / "desk" / "citewire.toml").read_text("utf-8") == (ROOT / "citewire.toml").read_text("utf-8")

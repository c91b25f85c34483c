"""The documents say what the code does: every command, setting, kind and prompt, and nothing that is not there."""

import argparse
import importlib
import re
import types
from pathlib import Path

import pytest

from pipeline import resources, settings
from pipeline.cli import _parser
from pipeline.registry import Registry
from pipeline.sources import SOURCES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = ROOT / "docs" / "configuration.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
KINDS = ROOT / "docs" / "sources.md"
KINDS_BEGIN, KINDS_END = "<!-- kinds: begin, written by `make golden` -->\n", "<!-- kinds: end -->\n"
BEGIN, END = "<!-- settings: begin, written by `make golden` -->\n", "<!-- settings: end -->\n"


def commands():
    """Command name -> its parser."""
    return nested(_parser())


def nested(parser):
    """The commands of `parser` by name; those below a command are "command name"."""
    action = next((a for a in parser._actions if isinstance(a, argparse._SubParsersAction)), None)
    return dict(action.choices) if action else {}


def every_command():
    """Command line, such as "sources add" -> its parser; a command that has others below it stands for those."""
    found = {}
    for name, parser in commands().items():
        found |= {f"{name} {below}": inner for below, inner in nested(parser).items()} or {name: parser}
    return found


def row(command: str) -> str:
    """The row of the README's table that is about `command`."""
    rows = [line for line in README.splitlines() if line.startswith("| `citewire ")]
    found = [line for line in rows if re.search(rf"`(citewire )?{command}\b", line.split("|")[1])]
    assert found, f"README's table of commands has no row for {command}"
    return found[0]


@pytest.mark.parametrize("name", sorted(every_command()))
def test_every_command_is_documented_with_its_options(name):
    described = row(name)
    common = {"--help", "--config", "--json", "--now", "--quiet", "--verbose", "--log-format"}
    for option in (o for action in every_command()[name]._actions for o in action.option_strings if o.startswith("--")):
        assert option in common or option in described, f"{option} of {name} is not in its row"


def test_no_command_is_documented_that_is_not_there():
    table = [line.split("|")[1] for line in README.splitlines() if line.startswith("| `citewire ")]
    named = {
        re.match(r"\w+", part.removeprefix("citewire "))[0] for cell in table for part in re.findall("`(.+?)`", cell)
    }
    assert named == set(commands())


def test_common_options_are_documented():
    for option in ("--config FILE", "--json", "--now ISO8601", "--quiet", "--verbose", "--log-format json"):
        assert option in README


def settings_tables() -> str:
    """docs/configuration.md's tables, from the descriptions in pipeline/settings.py."""
    tables: dict[str, list[str]] = {}
    for table, key, default, description in settings.documented():
        shown = {"required": "required", "''": '""', "()": "none", "None": "none", "True": "true", "False": "false"}
        value = shown.get(default, default.replace("'", '"'))
        tables.setdefault(table, []).append(
            f"| `{key}` | {value.replace('|', ' ')} | {description.replace('|', ' ')} |"
        )
    many = {"beat", "source", "topic", "interest", "model", "limit", "notify"}
    parts = []
    for table, rows in tables.items():
        heading = f"`[[{table}]]`" if table in many else f"`[{table}]`" if table else "At the top of the file"
        parts.append(f"### {heading}\n\n| key | default | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def is_current(request, document, begin, end, generated):
    """Compare what stands between two marks of `document` with what the code says, or rewrite it."""
    before, mark, rest = document.read_text(encoding="utf-8").partition(begin)
    assert mark, f"{document.name} has no {begin}"
    _, _, after = rest.partition(end)
    fresh = f"{before}{begin}\n{generated}\n{end}{after}"
    if request.config.getoption("--update-golden"):
        document.write_text(fresh, encoding="utf-8")
    assert document.read_text(encoding="utf-8") == fresh, f"{document.name} is behind; run: make golden"


def test_every_setting_is_documented(request):
    is_current(request, CONFIGURATION, BEGIN, END, settings_tables())


def kinds():
    """Kind of source -> its adapter class, those built in."""
    return {name: SOURCES.load(name) for name in sorted(SOURCES.built_in)}


def cell(text: str) -> str:
    """`text` in a table of Markdown, its variables and addresses as code."""
    return text.replace("|", "\\|").replace("<", "&lt;").rstrip(".")


def kind_section(name, adapter) -> str:
    """What docs/sources.md says of one kind, all of it from the adapter's `about`."""
    about = adapter.about
    facts = [
        f"* **address**: {cell(about.address)}",
        f"* **tests read**: {cell(about.seen)}",
    ]
    if isinstance(getattr(adapter, "search", None), types.FunctionType):
        asked = ", also by itself: put it into `[search] kinds`" if about.default_address else ""
        facts.append(f"* **answers `citewire topic`**{asked}")
    if hasattr(adapter, "recognise"):
        facts.append("* **`citewire sources add`** knows its addresses")
    if about.spec:
        facts.append(f"* **documented at** {about.spec}")
    rows = [f"| `{option}` | {cell(text)} |" for option, text in about.options.items()]
    table = "\n".join(["", "| option | what it does, and its default |", "|---|---|", *rows]) if rows else ""
    return f"### `{name}`\n\n{cell(about.summary)}.\n\n" + "\n".join(facts) + "\n" + table


def kind_row(name, adapter) -> str:
    """A kind in the table that comes first: its variables, whether it answers questions, what its tests have read."""
    about = adapter.about
    told = " ".join(text for option, text in about.options.items() if option.endswith("_env"))
    keys = ", ".join(f"`{variable}`" for variable in re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", told))
    searched = "yes" if isinstance(getattr(adapter, "search", None), types.FunctionType) else ""
    seen = "documented shapes, not yet seen live" if "not yet seen live" in about.seen else "genuine answers"
    return f"| [`{name}`](#{name}) | {keys} | {searched} | {seen} |"


def kind_sections() -> str:
    """docs/sources.md's part on the kinds, by name."""
    head = "| kind | variables for keys | answers questions | its tests read |\n|---|---|---|---|\n"
    rows = "\n".join(kind_row(name, adapter) for name, adapter in kinds().items())
    parts = (kind_section(name, adapter).rstrip() for name, adapter in kinds().items())
    return f"{head}{rows}\n\n" + "\n\n".join(parts) + "\n"


def test_every_kind_of_source_is_documented_as_it_says_of_itself(request):
    is_current(request, KINDS, KINDS_BEGIN, KINDS_END, kind_sections())


@pytest.mark.parametrize("name", sorted(SOURCES.built_in))
def test_every_kind_says_what_it_is(name):
    about = SOURCES.load(name).about
    assert len(about.summary) > 20
    assert about.address
    assert about.seen
    assert "\n" not in "".join((about.summary, about.address, about.seen, about.spec, *about.options.values()))
    for option, text in about.options.items():
        assert re.fullmatch(r"[a-z][a-z_]*", option)
        assert len(text) > 5, f"{name}: {option} says nothing"
    if about.default_address:
        assert callable(SOURCES.load(name).search), f"{name} has a default address and cannot search"


def test_every_setting_has_a_sentence():
    for table, key, _, description in settings.documented():
        assert len(description) > 10, f"[{table}] {key} has no description"
        assert description.endswith("."), f"[{table}] {key}: {description!r}"


def registries():
    """Every table of adapters in the code."""
    for folder in ("sources", "embedders", "llms", "engines", "stores", "renderers"):
        module = importlib.import_module(f"pipeline.{folder}")
        yield from (value for value in vars(module).values() if isinstance(value, Registry))


def test_every_adapter_and_every_entry_point_group_is_documented():
    tables = list(registries())
    assert len(tables) == 6
    for table in tables:
        assert f"`{table.group}`" in README
        for name in table.built_in:
            assert f"`{name}`" in README or f"`{name}:" in README, f"{table.what} {name}"


def test_every_prompt_is_sent_by_somebody():
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py")))
    for name in resources.names("prompts", "*.md"):
        assert f'"{Path(name).stem}"' in code, f"nobody sends prompts/{name}"


@pytest.mark.parametrize("path", re.findall(r"`((?:pipeline|prompts|templates|docs|tests)/[\w./-]*)`", README))
def test_the_map_leads_somewhere(path):
    assert (ROOT / path).exists(), f"README names {path}"


def test_the_map_covers_every_adapter_folder_and_stage_core():
    for place in (
        "sources",
        "embedders",
        "llms",
        "stores",
        "renderers",
        "gate",
        "compose",
        "fetch",
        "language",
        "evals",
    ):
        assert f"`pipeline/{place}/`" in README, place


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_hold(document):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_documents_know_no_machine():
    """No path, host or name of a machine that something was written on."""
    foreign = re.compile(r"/(?:work|root|tmp)/|/home/\w|\.\./shared|localhost:\d")
    files = [*DOCUMENTS, ROOT / "Makefile", ROOT / "citewire.toml", ROOT / "pyproject.toml", *ROOT.glob("prompts/*.md")]
    for path in [*files, *sorted((ROOT / "pipeline").rglob("*.py")), *sorted((ROOT / "templates").rglob("*.*"))]:
        found = foreign.search(path.read_text(encoding="utf-8"))
        assert not found, f"{path.relative_to(ROOT)}: {found.group()}"


def test_readme_says_whom_it_is_not_affiliated_with():
    assert "not affiliated with AIDRAN" in README


def test_exit_codes_are_documented():
    from pipeline import errors

    codes = {
        value.exit_code for value in vars(errors).values() if isinstance(value, type) and hasattr(value, "exit_code")
    }
    for code in codes | {0, 3}:
        assert re.search(rf"^\| {code} \|", README, re.M), f"exit code {code} is not in the README"

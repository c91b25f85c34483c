"""docs/reliability.md: every goal and every case stands there once, and what it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")
]
GOALS = [row for row in ROWS if re.fullmatch(r"G\d+", row[0])]
CASES = [row for row in ROWS if re.fullmatch(r"T\d+", row[0])]
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE)))
REASONS = ("Not yet", "Not run: ", "Not measured: ", "Does not apply: ")


@cache
def functions_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def names_a_test(cell: str) -> bool:
    return re.search(r"`[\w/]+\.py(::\w+)?`", cell) is not None


def test_every_goal_and_every_case_stands_there_once():
    assert [row[0] for row in GOALS] == [f"G{number}" for number in range(1, 28)]
    assert [row[0] for row in CASES] == [f"T{number:03}" for number in range(1, 161)]


def test_what_is_named_exists():
    missing = []
    for place, name in NAMED:
        paths = [path for path in (ROOT / "tests" / place, ROOT / place) if path.is_file()]
        if not paths or (name and not any(name in functions_of(path) for path in paths)):
            missing.append(f"{place}::{name}")
    assert not missing


def test_every_case_has_a_test_or_a_reason():
    assert not [row[0] for row in CASES if not names_a_test(row[2]) and not row[2].startswith(REASONS)]


def test_every_goal_has_a_figure_with_a_test_or_says_that_it_has_none():
    assert not [row[0] for row in GOALS if len(row) != 6 or not row[3]]
    assert not [
        row[0] for row in GOALS if not names_a_test(row[5]) and not row[3].startswith(("not yet", "not measured: "))
    ]


def test_commands_are_chores_of_the_makefile():
    chores = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([\w-]+)", PAGE)) <= chores | {"long"}

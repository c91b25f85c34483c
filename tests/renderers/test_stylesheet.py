"""The one style sheet: every declaration of it is one that a browser reads, and nothing foreign is loaded by it."""

import re

from pipeline import resources

SHEET = re.sub(r"/\*.*?\*/", "", resources.text("templates", "site.css"), flags=re.DOTALL)
DECLARED = re.compile(r"\{([^{}]*)\}")
NAME = re.compile(r"-{0,2}[a-z][a-z0-9-]*\Z")


def test_every_declaration_is_a_name_and_a_value():
    wrong = []
    for block in DECLARED.findall(SHEET):
        for one in filter(None, map(str.strip, block.split(";"))):
            name, colon, value = one.partition(":")
            plain = re.sub(r'"[^"]*"', "", value)
            if not colon or not NAME.match(name.strip()) or not value.strip() or ":" in plain:
                wrong.append(one)
    assert not wrong
    assert len(DECLARED.findall(SHEET)) > 200


def test_no_declaration_is_empty_and_braces_close():
    assert not re.search(r";\s*;", SHEET)
    assert SHEET.count("{") == SHEET.count("}")


def test_every_variable_is_set():
    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", SHEET))
    assert used <= set(re.findall(r"(--[a-z0-9-]+)\s*:", SHEET))


def test_nothing_foreign_is_loaded():
    assert not re.search(r"url\(|@import|@font-face|https?:", SHEET)

"""Prompts: declared variables, versions, and data that cannot become instructions to the template."""

from __future__ import annotations

import pytest

from pipeline import prompts, resources
from pipeline.errors import UsageError
from pipeline.prompts import fence, load


def test_every_prompt_of_the_package_loads() -> None:
    for name in resources.names("prompts", "*.md"):
        prompt = load(name.removesuffix(".md"))
        assert prompt.system
        assert prompt.variables
        assert len(prompt.version) == 16


def test_values_are_filled_in_once_and_never_read_again() -> None:
    prompt = load("write_story")
    values = dict.fromkeys(prompt.variables, "x") | {"claims": "{{beat}} {{label}}"}
    text = prompt.render(values)
    assert "{{beat}} {{label}}" in text


def test_missing_and_surplus_variables_are_refused() -> None:
    prompt = load("write_story")
    values = dict.fromkeys(prompt.variables, "x")
    with pytest.raises(UsageError, match="needs"):
        prompt.render({k: v for k, v in values.items() if k != "claims"})
    with pytest.raises(UsageError, match="needs"):
        prompt.render(values | {"other": "x"})


@pytest.mark.parametrize(
    "text",
    ["no head", "variables: a\n---\nsystem\n---\nuser {{b}}", "variables: a\n---\nsystem {{a}}\n---\nuser {{a}}"],
)
def test_a_wrong_form_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts.resources, "text", lambda kind, name: text)
    with pytest.raises(UsageError):
        load("broken")


def test_a_fence_depends_on_its_data() -> None:
    assert fence("a") != fence("b")
    assert fence("a") not in "a"

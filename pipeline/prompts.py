"""Prompts: one Markdown file per model call, with declared variables and a version that is the hash of its text.

File form: a line "variables: a, b", a line "---", the system part, a line "---", the user part. A variable stands as
{{name}}. Data of others goes between markers made for that one call, so that nothing inside can close them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline import resources
from pipeline.amends import Answered
from pipeline.domain import digest
from pipeline.errors import UsageError
from pipeline.protocols import Completion

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_MARKER = re.compile(r"<(?=\s*/?\s*data-)", re.I)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file. `version` changes with every letter of it."""

    name: str
    system: str
    user: str
    variables: frozenset[str]
    version: str

    def render(self, values: Mapping[str, str]) -> str:
        """The user part with its variables filled in, each once; what a value holds is never read as a variable.

        Raises UsageError when `values` are not exactly the declared variables.
        """
        if set(values) != set(self.variables):
            raise UsageError(
                f"prompt {self.name} needs {', '.join(sorted(self.variables))}; "
                f"got {', '.join(sorted(values)) or 'nothing'}"
            )
        return _VARIABLE.sub(lambda match: values[match.group(1)], self.user)


def load(name: str) -> Prompt:
    """The prompt prompts/`name`.md. Raises UsageError for a missing file, a wrong form or undeclared variables."""
    text = resources.text("prompts", f"{name}.md")
    parts = re.split(r"^---\s*$", text, maxsplit=2, flags=re.MULTILINE)
    head = re.match(r"\s*variables:(.*)", parts[0])
    if len(parts) != 3 or head is None:
        raise UsageError(f"prompt {name} is not of the form: variables, ---, system, ---, user")
    declared = frozenset(v.strip() for v in head.group(1).split(",") if v.strip())
    used = frozenset(_VARIABLE.findall(parts[2]))
    if used != declared or _VARIABLE.search(parts[1]):
        raise UsageError(f"prompt {name} declares {sorted(declared)} and uses {sorted(used)}")
    return Prompt(name, parts[1].strip(), parts[2].strip(), declared, digest("prompt", text))


def answered(prompt: Prompt, rendered: str, answer: Completion) -> Answered:
    """What a version keeps of a model's answer, to be written again from without the model."""
    value = json.dumps(answer.value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    used = answer.usage
    return Answered(
        prompt.name,
        prompt.version,
        answer.model,
        answer.key,
        digest("rendered", rendered),
        value,
        used.input_tokens,
        used.output_tokens,
        round(used.cost, 6),
        answer.passed,
    )


def envelope(data: Mapping[str, str]) -> dict[str, str]:
    """`data` as it may stand between data markers, and the marker itself under "fence".

    The marker is a hash of 128 bits over all of `data`: a text that holds its own marker cannot be made, and what looks
    like a marker (`</data-...>`) loses its bracket, for a reader that does not compare thirty-two letters.
    """
    safe = {name: _MARKER.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", text) for name, text in data.items()}
    marker = digest("fence", json.dumps(safe, sort_keys=True), size=32)
    return {**safe, "fence": f"data-{marker}"}

"""The two forms of plain pages: Markdown (CommonMark with pipe tables) and text in lines of at most 78 characters.

Inside a line, markup is held by control characters, which neither XML nor a printed text can contain: so what was
markup on the page is told from what only looks like it, and the latter is escaped before the former is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote

STRONG, WEAK, DELETED, KEPT = "\x01", "\x02", "\x03", "\x04"  # bold, its end; struck out, its end
ADDED, GIVEN, LINK, GOAL, END = "\x05", "\x06", "\x07", "\x08", "\x0e"  # inserted, its end; a link: text, number, end
MARK, MARKED = "\x0f", "\x10"  # a citation number, its end
APART = "\x11"  # what stands before is a label by itself
_CONTROL = re.compile("[\x01-\x08\x0e-\x11]")
_IDLE = re.compile(f" ?{APART}(?= ?(?:·|{APART}|\\Z))")  # where something parts it already, or nothing follows
_LINK = re.compile(f"{LINK}([^{LINK}{GOAL}]*){GOAL}(\\d+){END}")
_SPECIAL = re.compile(
    r"[\\`*_\[\]<>~|@^{}]|&(?=#?\w+;)|\$(?!\d)|!(?=[\[\x07\x0f])|(?<=[\x0e\x10])[(:]|(?<=\w):(?=//)|(?<=www)\."
    r"|(?i:(?<=mailto):)|(?i:(?<=xmpp):)|(?<![\w:/])/(?=/)"
)
_LINE_START = re.compile(r"\A(?:([#+=>:-])|(\d{1,9})([.)]))")
_OWN = re.compile(r"(stories/[^/]+(?:/v\d+)?|topics/[^/]+)/index\.html\Z")  # of which markdown.py writes the Markdown
WIDTH = 78


@dataclass(frozen=True, slots=True)
class Form:
    """A form: the ending of its files, and whether it is Markdown."""

    ending: str
    markdown: bool

    def line(self, marked: str, goals: Sequence[str]) -> str:
        """One line of a page, with its markup as this form writes it; `goals` are the addresses of its links."""
        flat = " ".join(_IDLE.sub("", " ".join(marked.split())).replace(APART, " · ").split())
        if not self.markdown:
            return _texted(flat, goals)
        escaped = _SPECIAL.sub(lambda match: "\\" + match[0], flat)
        escaped = _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)
        linked = _LINK.sub(lambda m: _anchored(m[1], goals[int(m[2])]), escaped)
        for opens, closes, mark in ((STRONG, WEAK, "**"), (DELETED, KEPT, "~~"), (ADDED, GIVEN, "**")):
            linked = re.sub(f"{opens}(\\s*)([^{opens}{closes}]*?)(\\s*){closes}", rf"\1{mark}\2{mark}\3", linked)
        return _CONTROL.sub("", linked.replace(MARK, "[").replace(MARKED, "]").replace("****", ""))

    def heading(self, level: int, line: str) -> list[str]:
        """A heading of a level from 1 to 6."""
        if self.markdown:
            return [f"{'#' * level} {line}"]
        lines = _wrapped(line)
        return [*lines, ("=" if level == 1 else "-") * max(map(len, lines))] if level < 3 and lines else lines

    def paragraph(self, line: str) -> list[str]:
        """A paragraph."""
        return [line] if self.markdown else _wrapped(line)

    def strong(self, line: str) -> list[str]:
        """A line that stands over others without being a heading."""
        return [f"**{line}**"] if self.markdown and "*" not in line else self.paragraph(line)

    def item(self, lead: str, blocks: Sequence[Sequence[str]]) -> list[str]:
        """An item of a list: its blocks behind `lead` ("- ", "3. ")."""
        pad = " " * len(lead)
        lines = [line for n, block in enumerate(blocks) for line in ([""] if n else []) + list(block)]
        return [(lead if n == 0 else pad if line else "") + line for n, line in enumerate(lines)]

    def quoted(self, lines: Sequence[str]) -> list[str]:
        """Lines that somebody else wrote."""
        return [f"> {line}".rstrip() for line in lines]

    def table(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """A table, its head first."""
        if self.markdown:
            width = max(map(len, rows))
            lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
            return [lines[0], "|" + "---|" * width, *lines[1:]]
        widths = [max(len(row[n]) for row in rows if n < len(row)) for n in range(max(map(len, rows)))]
        if sum(widths) + 3 * len(widths) <= 100:
            return [" | ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip() for row in rows]
        return [" | ".join(row) for row in rows]


MARKDOWN, TEXT = Form("md", True), Form("txt", False)


def beside(path: str, form: Form) -> str:
    """The address of the page at `path` in that form."""
    if form.markdown and (own := _OWN.match(path)):
        return f"{own[1]}/{'story' if path.startswith('stories/') else 'topic'}.md"
    return path.removesuffix("html") + form.ending


def goal(path: str, href: str, form: Form) -> str:
    """Where a link on the page at `path` leads in that form: pages of the site to their plain ones; "" for nowhere."""
    if "://" in href:
        return quote(href, safe="/:?#[]@!$&'()*+,;=%~") if href.startswith(("https://", "http://")) else ""
    place = href.partition("#")[0]
    if not place or place.startswith("/"):
        return ""
    target = normpath(join(dirname(path), place))
    if target.startswith(".."):
        return ""
    target = beside(target, form) if target.endswith(".html") else target
    return relpath(target, dirname(path) or ".")


def _anchored(text: str, address: str) -> str:
    return f"[{text.strip()}](<{address}>)" if address and text.strip() else text


def _texted(flat: str, goals: Sequence[str]) -> str:
    """A line as text: addresses outside follow what they are of, the others say nothing without a browser."""

    def linked(match: re.Match[str]) -> str:
        address = goals[int(match[2])]
        return f"{match[1]} <{address}>" if "://" in address else match[1]

    told = _LINK.sub(linked, flat)
    for mark, sign in ((DELETED, "[-"), (KEPT, "-]"), (ADDED, "{+"), (GIVEN, "+}"), (MARK, "["), (MARKED, "]")):
        told = told.replace(mark, sign)
    return _CONTROL.sub("", told)


def _wrapped(line: str) -> list[str]:
    """Lines of at most WIDTH characters, a longer word on one of its own: as textwrap does it, ten times faster."""
    lines: list[str] = []
    held = ""
    for word in line.split():
        if held and len(held) + 1 + len(word) > WIDTH:
            lines.append(held)
            held = word
        else:
            held = f"{held} {word}" if held else word
    return [*lines, held] if held else lines

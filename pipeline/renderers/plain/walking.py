"""From a page of the site to its plain form: one walk over its tree.

Only what a reader sees is told: no picture (its caption and its table say the same), no window that a button opens (the
sources hold the same words), no navigation. What a browser shows around every page is kept where it matters: the notice
of a sample edition, how the page came about, whom to tell of a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET  # parses only the bytes that this program just made

from pipeline.renderers.plain import forms
from pipeline.renderers.plain.forms import Form, goal

Block = list[str]

_INLINE = frozenset("a abbr b bdi br button cite code del em i ins mark q s small span strong sup time wbr".split())
_LABELS = frozenset(("badge", "tag", "key"))  # which colour and shape set apart on a page
_ASIDE = frozenset(("notes", "back"))  # margin notes, and the ways back from a source: its number says as much
_UNSEEN = frozenset("svg script style template form img input label noscript".split())
_WRAPPED = {
    "b": (forms.STRONG, forms.WEAK),
    "strong": (forms.STRONG, forms.WEAK),
    "del": (forms.DELETED, forms.KEPT),
    "s": (forms.DELETED, forms.KEPT),
    "ins": (forms.ADDED, forms.GIVEN),
    "q": ("“", "”"),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def told(page: bytes, path: str, form: Form) -> bytes:
    """The page at `path` in that form. Raises xml.etree.ElementTree.ParseError for what is no page of ours."""
    root = ET.fromstring(page)  # noqa: S314
    walk = _Walk(path, form)
    body = root.find("body")
    blocks: list[Block] = []
    for part in body if body is not None else ():
        if part.tag in ("main", "p", "aside"):
            blocks += walk.flow(part)
        elif part.tag == "footer":
            blocks += [["---" if form.markdown else "-" * forms.WIDTH], *walk.colophon(part)]
    canonical = root.find("head/link[@rel='canonical']")
    if canonical is not None and (address := goal(path, canonical.get("href", ""), form)):
        blocks.append([f"<{address}>"])
    return ("\n\n".join("\n".join(block) for block in blocks if block) + "\n").encode()


class _Walk:
    """One page being read in one form."""

    def __init__(self, path: str, form: Form) -> None:
        self.path, self.form = path, form
        self.goals: list[str] = []

    def flow(self, element: ET.Element) -> list[Block]:
        """The blocks within an element; text that stands between them makes paragraphs."""
        if _INLINE.issuperset(child.tag for child in element) and element.tag != "p":
            return self.paragraph(self.inline(element))
        blocks: list[Block] = []
        run = element.text or ""
        for child in element:
            if _hidden(child):
                run += child.tail or ""
            elif child.tag in _INLINE:
                run += self.marked(child) + (child.tail or "")
            else:
                blocks += [*self.paragraph(run), *self.block(child)]
                run = child.tail or ""
        return blocks + self.paragraph(run)

    def block(self, element: ET.Element) -> list[Block]:
        """The blocks that one element makes."""
        if element.tag in _HEADINGS or element.tag in ("summary", "caption"):
            line = self.line(self.inline(element))
            level = _HEADINGS.get(element.tag)
            return [self.form.heading(level, line) if level else self.form.strong(line)] if line else []
        known = {"ul": self.items, "ol": self.items, "dl": self.pairs, "table": self.table, "blockquote": self.quoted}
        return known.get(element.tag, self.flow)(element)

    def quoted(self, element: ET.Element) -> list[Block]:
        """What somebody else wrote, as one block."""
        inner = self.flow(element)
        return [self.form.quoted([line for n, block in enumerate(inner) for line in ([""] if n else []) + block])]

    def items(self, element: ET.Element) -> list[Block]:
        """A list as one block, where each item is one paragraph; else a block for each item."""
        found: list[Block] = []
        entries = [child for child in element if child.tag == "li" and not _hidden(child)]
        for n, entry in enumerate(entries):
            number = entry.get("value") or str(len(entries) - n if element.get("reversed") else n + 1)
            lead = "- " if element.tag == "ul" else f"{number}. "
            inner = [block for block in self.flow(entry) if block]
            found += [self.form.item(lead, inner)] if inner else []
        loose = any("" in item for item in found)
        return found if loose or not found else [[line for item in found for line in item]]

    def pairs(self, element: ET.Element) -> list[Block]:
        """A list of terms and what is said of them, one line each."""
        lines: Block = []
        term = ""
        for child in element.iter():
            if child.tag == "dt":
                term = self.inline(child)
            elif child.tag == "dd":
                line = self.line(f"{forms.STRONG}{term}{forms.WEAK}: {self.inline(child)}")
                lines += self.form.item("- ", [self.form.paragraph(line)])
        return [lines] if lines else []

    def table(self, element: ET.Element) -> list[Block]:
        """A table under its caption."""
        caption = element.find("caption")
        rows = [
            [self.line(self.inline(cell)) for cell in row if cell.tag in ("th", "td")] for row in element.iter("tr")
        ]
        rows = [row for row in rows if row]
        head = self.block(caption) if caption is not None and not _hidden(caption) else []
        return [*head, self.form.table(rows)] if rows else head

    def colophon(self, footer: ET.Element) -> list[Block]:
        """The paragraphs of the footer, and those of its entries that are no links."""
        found = [block for text in footer.iter("p") for block in self.paragraph(self.inline(text))]
        plain = [entry for entry in footer.iter("li") if entry.find(".//a") is None]
        return found + [block for entry in plain for block in self.paragraph(self.inline(entry))]

    def paragraph(self, marked: str) -> list[Block]:
        line = self.line(marked)
        return [self.form.paragraph(line)] if line else []

    def line(self, marked: str) -> str:
        return self.form.line(marked, self.goals)

    def inline(self, element: ET.Element) -> str:
        """All that is said within an element, with its markup marked."""
        return (element.text or "") + "".join(self._inner(element))

    def _inner(self, element: ET.Element) -> Iterator[str]:
        for child in element:
            if not _hidden(child):
                yield self.marked(child) if child.tag in _INLINE else f" {self.inline(child)} "
            yield child.tail or ""

    def marked(self, element: ET.Element) -> str:
        """One inline element with its markup marked."""
        if element.tag == "br":
            return " "
        if element.tag == "button" or (element.tag == "sup" and element.find("a") is not None):
            return "".join(_marks(element))
        inner = self.inline(element)
        if element.tag == "a" and (address := goal(self.path, element.get("href", ""), self.form)):
            self.goals.append(address)
            return f"{forms.LINK}{_unlinked(inner)}{forms.GOAL}{len(self.goals) - 1}{forms.END}"
        if not _LABELS.isdisjoint((element.get("class") or "").split()):
            return f"{inner}{forms.APART}"
        opens, closes = _WRAPPED.get(element.tag, ("", ""))
        return f"{opens}{inner}{closes}" if inner.strip() else inner


def _unlinked(inner: str) -> str:
    """What a link says without markup of its own: neither form nests it."""
    return "".join(character for character in inner if character >= " " or character.isspace())


def _marks(element: ET.Element) -> Iterator[str]:
    """The citation numbers on a button or in a superscript."""
    for child in element.iter():
        if (number := (child.text or "").strip()).isdigit():
            yield f"{forms.MARK}{number}{forms.MARKED}"


def _hidden(element: ET.Element) -> bool:
    return (
        element.tag in _UNSEEN
        or "popover" in element.attrib
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or not _ASIDE.isdisjoint((element.get("class") or "").split())
    )

"""Fragments of HTML (a feed's description) to text: no article is looked for, every word that shows is kept."""

from __future__ import annotations

import re

from pipeline.language import cleaning

MAX_FRAGMENT = 2_000_000
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote br caption dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 "
        "h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul",
    )
)
_HIDDEN = frozenset(
    re.findall(r"\w+", "script style noscript template iframe object svg math head title button select textarea")
)


def fragment_text(html: str) -> str:
    """Text of an HTML fragment (a feed's description): one line per block, nothing of scripts and styles."""
    html = html.replace("\x00", "")
    if "<" not in html and "&" not in html:
        return cleaning.clean(html)
    from lxml import etree  # noqa: PLC0415
    from lxml import html as lxml_html  # noqa: PLC0415

    try:
        parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
        root = lxml_html.document_fromstring(f"<div>{html[:MAX_FRAGMENT]}</div>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return cleaning.strip_markup(html[:MAX_FRAGMENT])
    parts: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else "script"
        if tag in _BLOCKS:
            parts.append("\n")
        if event == "end":
            parts.append(_inline(element.tail))
        elif tag in _HIDDEN:
            walker.skip_subtree()
        else:
            parts.append(_inline(element.text))
    lines = (line.strip() for line in "".join(parts).split("\n"))
    return cleaning.clean("\n".join(line for line in lines if line))


def _inline(text: str | None) -> str:
    return (text or "").replace("\n", " ")

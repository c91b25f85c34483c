"""The Markdown twins: of each story version, of the night's briefing, of a topic answer.

Source and model text is never Markdown: `literal` escapes whatever CommonMark or its common dialects would read as
markup, so the only headings, lists, tables and links in the result are those made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from pipeline.amends import Tombstone
from pipeline.domain import Story, StoryKind
from pipeline.edition import Edition, Page, TopicAnswer
from pipeline.renderers import phrases
from pipeline.renderers.charts import Share
from pipeline.renderers.corrections_view import grave, tomb_page
from pipeline.renderers.kin_view import Kin
from pipeline.renderers.places import Places
from pipeline.renderers.printing import printable
from pipeline.renderers.refusals import Refusal
from pipeline.renderers.resting import Resting
from pipeline.renderers.sentences import Paragraph, SectionView, SentenceView, SourceRow
from pipeline.renderers.site_view import Card, edition_page
from pipeline.renderers.story_view import HEADINGS, StoryPage, Text, story_page
from pipeline.renderers.topic_view import topic_page

_SPECIAL = re.compile(
    r"[\\`*_\[\]<>~|@^{}]|&(?=#?\w+;)|\$(?!\d)|!(?=\[)|(?<=\w):(?=//)|(?<![\w:/])/(?=/)|(?<=www)\.|(?i:(?<=mailto):)|(?i:(?<=xmpp):)"
)
_NO_HEADS: Mapping[str, Kin] = MappingProxyType({})
_LINE_START = re.compile(r"\A(?:([#+=>:-])|(\d{1,9})([.)]))")


def literal(text: str) -> str:
    """`text` on one line with everything escaped that Markdown would read as markup."""
    flat = " ".join(printable(text).split())
    escaped = _SPECIAL.sub(lambda match: "\\" + match[0], flat)
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)


def render(edition: Edition) -> Iterator[Page]:
    """`story.md` beside every version, and `briefing.md` of the newest night."""
    places = Places.of(edition)
    resting = Resting.of(edition, places)
    for versions in places.versions.values():
        for story in versions:
            told = partial(_story, story, edition, places)
            yield Page(f"{places.folder(story)}/story.md", told, resting.story(story))
    for tomb in edition.tombstones:
        yield Page(f"{grave(tomb, edition)}/story.md", partial(_withdrawn, tomb, edition, places))
    yield Page("briefing.md", partial(_briefing, edition, places))
    for topic in edition.topics:
        path = places.topic(topic).replace("index.html", "topic.md")
        yield Page(path, partial(_topic, topic))


def _story(story: Story, edition: Edition, places: Places) -> bytes:
    return _document(story_lines(story_page(story, edition, places), edition.settings.site.name))


def _withdrawn(tomb: Tombstone, edition: Edition, places: Places) -> bytes:
    buried = tomb_page(tomb, edition, places)
    lines = ["# Withdrawn", "", f"Version {buried.version} of {buried.written}, withdrawn on {buried.date}.", ""]
    return _document([*lines, literal(buried.why)])


def _topic(topic: TopicAnswer) -> bytes:
    return topic_markdown(topic).encode()


def _briefing(edition: Edition, places: Places) -> bytes:
    return _document(_briefing_lines(edition, places))


def _document(lines: Iterable[str]) -> bytes:
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return (text + "\n").encode()


def _cited(sentence: SentenceView) -> str:
    marks = "".join(f"[{mark.number}]" for mark in sentence.marks)
    return f"{literal(sentence.text)} {marks}" if marks else literal(sentence.text)


def _paragraph(paragraph: Paragraph) -> str:
    return " ".join(_cited(sentence) for sentence in paragraph.sentences)


def _sections(
    sections: Sequence[SectionView], level: str, *, listed: bool = False, heads: Mapping[str, Kin] = _NO_HEADS
) -> list[str]:
    lines: list[str] = []
    for section in sections:
        heading = section.heading or HEADINGS.get(section.role)
        lines += ["", f"{level} {literal(heading)}", ""] if heading else [""]
        for paragraph in section.paragraphs:
            if head := heads.get(paragraph.sentences[0].text):
                lines += [f"**{literal(head.title)}**", ""]
            lines += [f"- {_paragraph(paragraph)}"] if listed else [_paragraph(paragraph), ""]
    return lines


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(literal(part) for part in parts if part)


def story_lines(view: StoryPage, site: str) -> list[str]:
    """A story as Markdown, in the order of its page."""
    kind = view.kind if view.kind != phrases.KINDS[StoryKind.STORY] else ""
    head = (view.beat, kind, view.date, *view.platforms, *view.evidence_line, view.window)
    lines = [f"**{literal(view.beat)}** · {_joined(head[1:])}", "", f"# {_cited(view.headline)}", ""]
    if view.latest_href:
        lines += [f"*Version {view.version}, since replaced by version {view.latest_version}.*", ""]
    if view.dek:
        lines += [f"*{_cited(view.dek)}*", ""]
    for note in view.corrections:
        concerned = "".join(f" [{number}]" for number, _ in note.sources)
        lines += [f"> **{literal(note.head)}**, {note.date}: {literal(note.why)}{concerned}", ""]
    if view.length:
        lines += [_joined((view.status, view.length, view.level)), ""]
    lines += _text(view.text, view.heads)
    if view.elsewhere:
        lines += ["", "## Told otherwise on this desk", ""]
        lines += [f"- {literal(e.mine)} — {literal(e.title)}: {literal(e.theirs)} ({e.how})" for e in view.elsewhere]
    if view.related:
        lines += ["", "## Related stories", "", *(f"- {literal(k.title)}: {literal(k.says)}" for k in view.related)]
    lines += ["", "## Sources", "", *_sources(view.sources)]
    lines += ["", "## Methodology", "", _method(view.shares, view.sentences, view.writer)]
    lines += ["", f"{view.account}."]
    lines += ["", f"Answers of models that it was written from: {literal(view.asked)}."] if view.asked else []
    lines += _refusals(view.refusals)
    lines += [
        "",
        f"Version {view.version} of this story, {literal(site)}, {view.written}. Evidence bundle: `story.json`.",
    ]
    return lines


def _text(text: Text, heads: Mapping[str, Kin] = _NO_HEADS) -> list[str]:
    """Everything between the head and the sources."""
    lines: list[str] = []
    if text.takeaways:
        lines += ["**Key points**", "", *(f"- {_cited(sentence)}" for sentence in text.takeaways)]
    lines += _sections(text.body, "##", heads=heads)
    for group in (text.changed, text.disagreements, text.unknown):
        lines += _sections(group, "##", listed=True)
    lines += _sections(text.so_far, "##")
    if text.questions:
        lines += ["", "## Questions"]
        for section in text.questions:
            lines += [
                "",
                f"**{literal(section.heading or 'Question')}** " + " ".join(map(_paragraph, section.paragraphs)),
            ]
    return lines


def _sources(rows: Sequence[SourceRow]) -> list[str]:
    lines = ["| # | quoted words | source | time | origin |", "|---|---|---|---|---|"]
    for row in rows:
        name = literal(row.publisher) + (f", {literal(row.author)}" if row.author else "")
        name += f", via {literal(row.via)}" if row.via else ""
        title = f"[{literal(row.title or row.link.host)}](<{row.link.href}>)" if row.link else literal(row.title)
        address = f" ({literal(row.address)})" if row.address else ""
        lines.append(f"| {row.number} | {literal(row.quote)} | {name}: {title}{address} | {row.time} | {row.origin} |")
    return lines


def _method(shares: Sequence[Share], total: int, writer: str) -> str:
    classes = ", ".join(f"{share.kind} {share.percent} %" for share in shares)
    return (
        f"Written by the {literal(writer)} writer; every sentence passed the gate against its cited words and nothing "
        f"else. {total} sentences: {classes}."
    )


def _refusals(refusals: Sequence[Refusal]) -> list[str]:
    lines: list[str] = []
    for one in refusals:
        text = f"~~{literal(one.text)}~~" if one.text else f"text kept back (hash {literal(one.digest)})"
        why = "; ".join(f"{literal(rule)}: {literal(detail)}" for rule, detail in one.reasons)
        lines.append(f"- {text} {literal(one.verdict)}. {why}")
    return ["", "Left out, and why:", "", *lines] if lines else []


def _briefing_lines(edition: Edition, places: Places) -> list[str]:
    """The night's edition: lead, stories by beat, what changed, what is disputed, signals."""
    view = edition_page(edition.date, edition, places, front=True)
    lines = [f"# {literal(edition.settings.site.name)}, {view.date}", ""]
    lines += (
        ["**Sample edition.** It rests on sample records made to show how the desk works, and is not news.", ""]
        if edition.sample
        else []
    )
    lines += [_joined((*(f"{number} {name}" for number, name in view.figures), view.coverage)), ""]
    if view.lead is None and not view.groups:
        return [*lines, "No story has been written yet."]
    lines += _card(view.lead, "##") if view.lead is not None else []
    for one in view.seconds:
        lines += ["", *_card(one, "##")]
    for group in view.groups:
        lines += ["", f"## {literal(group.name)}", ""]
        for one in group.cards:
            lines += [*_card(one, "###"), ""]
    if view.changed:
        lines += ["", "## What changed", "", *(f"- {_link(x.title, x.href)}: {literal(x.text)}" for x in view.changed)]
    if view.disputed:
        lines += ["", "## Where sources disagree", ""]
        lines += [f"- {_link(x.title, x.href)}: {literal(x.text)}" for x in view.disputed]
    if view.signals:
        lines += ["", "## Signals", ""]
        lines += [f"- **{literal(s.title or s.label)}** {literal(s.says)}" for s in view.signals]
    return lines


def _link(text: str, href: str) -> str:
    return f"[{literal(text)}](<{href}>)"


def _card(card: Card, level: str) -> list[str]:
    lines = [f"{level} {_link(card.headline, card.href)}", ""]
    lines += [f"*{literal(card.text)}*", ""] if card.text else []
    return [*lines, "", _joined((card.beat, card.date, *card.evidence_line))]


def topic_markdown(answer: TopicAnswer) -> str:
    """A topic briefing as Markdown: what the topic command prints."""
    view = topic_page(answer)
    lines = [f"# {literal(view.title)}", "", f"Asked “{literal(view.query)}” on {view.asked}, last {view.days}."]
    if view.since:
        lines += ["", f"Since the last answer ({view.since}) {view.fresh}."]
    if view.sample:
        lines += ["", "**Sample.** This answer rests on sample records and is not news."]
    if view.sentences:
        lines += ["", _joined((*view.platforms, *view.evidence_line))]
        lines += ["", *_text(view.text)]
        lines += ["", "## Sources", "", *_sources(view.sources)]
        lines += ["", _method(view.shares, view.sentences, view.writer), *_refusals(view.refusals)]
    else:
        lines += ["", f"**Nothing found.** {literal(view.unsaid)}"]
    lines += ["", "Looked in:", ""]
    lines += [
        f"- {literal(name)}: {found}" + (f" ({literal(problem)})" if problem else "")
        for name, found, problem in view.searched
    ]
    lines += ["", f"{literal(view.pages)}."] if view.pages else []
    if view.set_aside:
        lines += ["", f"Set aside as off topic: {view.set_aside}, the nearest of them:", ""]
        lines += [f"- {literal(title)} ({literal(source)}): {literal(reason)}" for title, source, reason in view.aside]
    return _document(lines).decode()

"""Sentences, citation numbers and source rows: what a story page, a topic page and their Markdown twins share.

Citation keys are hashes; numbers exist only here, given in order of first appearance. Every mark has an anchor and
every source row points back to its marks, so a reader can go from a sentence to its evidence and return.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pipeline.addresses import host, safe
from pipeline.compose.naming import publisher
from pipeline.domain import Citation, CitedRecord, Section, Sentence, SentenceClass
from pipeline.edition import Linked
from pipeline.renderers.charts import Share, shares
from pipeline.renderers.evidence import AROUND, Opened, Proof, class_of, marked, nearby, one_word, voices
from pipeline.renderers.linking import Linker, Stretch
from pipeline.renderers.phrases import iso, letter, platform, stamp

HOVER_KEYS = 12  # marks of one paragraph that the style sheet can tie to their margin notes
UNNAMED = "Publisher not given"
NOTED = 110  # characters of a quote that its margin note shows: where they are touched, they stand in full


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation number in a sentence, and the key that ties it to a margin note."""

    number: int
    tie: str
    altered: str = ""  # what the source did to the words since


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence as a page shows it; `head` and `tail` are its text in runs, cut before the word that holds the marks.

    `at` is its address; `opened` what it shows when it is touched, which stands after its paragraph where it is `first`
    on the page to open it.
    """

    text: str
    head: tuple[Stretch, ...]
    tail: tuple[Stretch, ...]
    kind: str
    marks: tuple[Mark, ...]
    ties: str
    at: str
    opened: Opened
    first: bool


@dataclass(frozen=True, slots=True)
class Note:
    """The margin note of one citation beside a paragraph: who, when, and the words."""

    number: int
    target: str
    tie: str
    publisher: str
    quote: str
    lang: str | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand together, and the evidence first met in them."""

    sentences: tuple[SentenceView, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A part of a text; `anchor` is its address on the page."""

    role: str
    heading: str | None
    anchor: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An outward link that passed the address rules; `host` is shown, in punycode where it is not plain ASCII."""

    href: str
    host: str
    archive: str | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the Sources table: the quoted words in their context, and the record that holds them."""

    number: int
    anchor: str
    record_id: str
    before: str
    quote: str
    after: str
    lang: str | None
    publisher: str
    author: str | None
    title: str
    platform: str  # with the kind of a record that is no article: "Mastodon post"
    via: str  # who led to it, by name: "Hacker News"
    time: str
    time_iso: str
    origin: str
    shared: int  # cited records with the same origin
    link: Link | None
    address: str | None  # shown as text where it may not be a link
    sample: bool
    fresh: bool
    backlinks: tuple[tuple[str, str], ...]
    altered: str = ""  # what the source did to the words since


class Numbering:
    """Gives numbers to citation keys in reading order and remembers where each was used."""

    def __init__(
        self,
        citations: Iterable[Citation],
        records: Iterable[CitedRecord],
        lang: str,
        fresh: Sequence[str] = (),
        *,
        altered: Mapping[str, str] = MappingProxyType({}),
        disputed: Mapping[str, str] = MappingProxyType({}),
        speakers: Mapping[str, str] = MappingProxyType({}),
        linked: Iterable[Linked] = (),
    ) -> None:
        """`lang` is the language of the text; evidence in another is marked. `fresh` are record ids new this time.

        altered: citation key -> what its source did to the words since. disputed: citation key -> how another source
        tells it otherwise. speakers: citation key -> whose word it is. linked: names that have a page.
        """
        self.altered = altered
        self.disputed = disputed
        self.speakers = speakers
        self.linker = Linker(linked)
        self.citations = {citation.key: citation for citation in citations}
        self.records = {record.id: record for record in records}
        self.lang = lang
        self.fresh = frozenset(fresh)
        self.order: list[str] = []
        self.uses: dict[str, list[str]] = defaultdict(list)  # citation key -> addresses of the sentences that cite it
        self.opened: list[tuple[Sentence, Opened]] = []
        self.letters: dict[str, str] = {}  # origin -> its letter on this page

    def number(self, key: str) -> int:
        """The number of `key`, given at its first use."""
        if key not in self.order:
            self.order.append(key)
            self.letters.setdefault(self.citations[key].origin_id, letter(len(self.letters)))
        return self.order.index(key) + 1

    def sentence(
        self, sentence: Sentence, ties: dict[str, str] | None = None, *, linking: bool = False
    ) -> SentenceView:
        """`sentence` with its marks; `ties` (key -> tie) is shared by the sentences of one paragraph.

        With `linking` names lead to their pages where they stand for the first time.
        """
        ties = {} if ties is None else ties
        # a key without evidence is the validator's business; it is never shown as a citation
        keys = [key for key in dict.fromkeys(sentence.citations) if key in self.citations]
        marks: list[Mark] = []
        for key in keys:
            tie = ties.setdefault(key, f"k{min(len(ties) + 1, HOVER_KEYS)}")
            marks.append(Mark(self.number(key), tie, self.altered.get(key, "")))
        first = not any(sentence == shown for shown, _ in self.opened)
        opened = self._opened(sentence, keys)
        self.opened.append((sentence, opened))
        at = f"s{len(self.opened)}"
        for key in keys:
            self.uses[key].append(at)
        head, tail = self.linker.runs(sentence.text, linking=linking)
        ties_of = " ".join(mark.tie for mark in marks)
        return SentenceView(sentence.text, head, tail, sentence.kind.value, tuple(marks), ties_of, at, opened, first)

    def _opened(self, sentence: Sentence, keys: Sequence[str]) -> Opened:
        """What a sentence shows when it is touched: the same each time it stands on the page."""
        for shown, opened in self.opened:
            if shown == sentence:
                return opened
        said, several = voices(sentence, (self._origin(key) for key in keys))
        numbers = ", ".join(str(self.number(key)) for key in keys)
        return Opened(
            id=f"e{len(self.opened) + 1}",
            name=f"Evidence {numbers}" if numbers else "How this follows",
            kind=sentence.kind.value,
            says=class_of(sentence),
            voices=said,
            several=several,
            disputed=next((self.disputed[key] for key in keys if key in self.disputed), ""),
            word=one_word(sentence, keys, self.speakers),
            verdict=f"{sentence.verdict.label.value} {sentence.verdict.score:.2f}",
            proofs=tuple(self._proof(key, sentence.text) for key in keys),
        )

    def _proof(self, key: str, text: str) -> Proof:
        citation, number = self.citations[key], self.number(key)
        record = self.records.get(citation.evidence.record_id)
        before, after = nearby(*_context(citation))
        return Proof(
            number=number,
            target=f"source-{number}",
            before=before,
            pieces=marked(text, citation.evidence.quote),
            after=after,
            lang=self._foreign(record),
            publisher=_named(record),
            time=stamp(record.published) if record else "",
            origin=self.letters[citation.origin_id],
            altered=self.altered.get(key, ""),
        )

    def paragraph(self, sentences: Sequence[Sentence], seen: set[str], *, linking: bool) -> Paragraph:
        """Sentences with margin notes for the citations that no earlier paragraph (`seen`) has shown."""
        ties: dict[str, str] = {}
        views = tuple(self.sentence(sentence, ties, linking=linking) for sentence in sentences)
        fresh = [key for key in ties if key not in seen]
        seen.update(fresh)
        return Paragraph(views, tuple(self._note(key, ties[key]) for key in fresh))

    def section(self, section: Section, anchor: str, seen: set[str]) -> SectionView:
        """A whole section, in reading order."""
        linking = section.role != "takeaways"
        paragraphs = tuple(self.paragraph(paragraph, seen, linking=linking) for paragraph in section.paragraphs)
        return SectionView(section.role, section.heading, anchor, paragraphs)

    def _note(self, key: str, tie: str) -> Note:
        citation, number = self.citations[key], self.number(key)
        record = self.records.get(citation.evidence.record_id)
        quote = citation.evidence.quote
        short = quote if len(quote) <= NOTED else quote[:NOTED].rpartition(" ")[0] + " …"
        return Note(number, f"source-{number}", tie, _named(record), short, self._foreign(record))

    def _foreign(self, record: CitedRecord | None) -> str | None:
        return record.lang if record and record.lang and record.lang != self.lang else None

    def rows(self) -> tuple[SourceRow, ...]:
        """The Sources table: every key that was used, by number."""
        return tuple(self._row(key, index + 1) for index, key in enumerate(self.order))

    def _row(self, key: str, number: int) -> SourceRow:
        citation = self.citations[key]
        record = self.records.get(citation.evidence.record_id)
        used = {self.citations[k].evidence.record_id for k in self.order if self._origin(k) == citation.origin_id}
        before, after = nearby(*_context(citation), AROUND)
        if record is not None and before.strip() == record.title.strip():
            before = ""  # the title stands beside it
        return SourceRow(
            number=number,
            anchor=f"source-{number}",
            record_id=citation.evidence.record_id,
            before=before,
            quote=citation.evidence.quote,
            after=after,
            lang=self._foreign(record),
            publisher=who(record),
            author=record.author if record and record.author != who(record) else None,
            title=record.title if record else "",
            platform=_medium(record) if record else "",
            via=_via(record) if record else "",
            time=stamp(record.published) if record else "",
            time_iso=iso(record.published) if record else "",
            origin=self.letters[citation.origin_id],
            shared=len(used),
            link=outward(record.url, record.fetched, sample=record.sample) if record else None,
            address=record.url if record and record.url and safe(record.url) is None else None,
            sample=record.sample if record else False,
            fresh=citation.evidence.record_id in self.fresh,
            backlinks=tuple((at, letter(use).lower()) for use, at in enumerate(self.uses[key])),
            altered=self.altered.get(key, ""),
        )

    def _origin(self, key: str) -> str:
        return self.citations[key].origin_id

    def cited_records(self) -> tuple[CitedRecord, ...]:
        """The records that the numbered citations rest on, each once, in order of first use."""
        ids = dict.fromkeys(self.citations[key].evidence.record_id for key in self.order)
        return tuple(self.records[record_id] for record_id in ids if record_id in self.records)


def by_record(rows: Iterable[SourceRow]) -> tuple[tuple[SourceRow, ...], ...]:
    """The rows of each record together, records in order of their first: who says it is then told once."""
    found: dict[str, list[SourceRow]] = defaultdict(list)
    for row in rows:
        found[row.record_id].append(row)
    return tuple(map(tuple, found.values()))


def _named(record: CitedRecord | None) -> str:
    """Who says it where there is little room: a record that names nobody goes by its title."""
    return who(record) if record is None or who(record) != UNNAMED else record.title or UNNAMED


def _context(citation: Citation) -> tuple[str, str]:
    """What stands before and after a quote in its record, from word to word."""
    cut = citation.evidence.start > len(citation.before)
    return _from_word(citation.before, cut=cut), _to_word(citation.after)


def _medium(record: CitedRecord) -> str:
    """The platform, and what the record is there where it is no article."""
    return " ".join((platform(record.platform), *([record.kind] if record.kind != "article" else [])))


def _via(record: CitedRecord) -> str:
    """The names among who led to the record; addresses are for the bundle."""
    return ", ".join(platform(part) for part in record.via if "://" not in part)


def who(record: CitedRecord | None) -> str:
    """Who says it: the publisher without its feed's section, else the author, else the host; else it says so."""
    name = record and (publisher(record) or record.author or (host(record.url) if record.url else None))
    return name or UNNAMED


def outward(url: str | None, fetched: datetime | None = None, *, sample: bool = False) -> Link | None:
    """A link to `url` where the address rules allow one, with where to look for its archived copy."""
    link = safe(url) if url else None
    name = host(link) if link else None
    if not link or not name:
        return None
    moment = fetched.strftime("%Y%m%d%H%M%S") if fetched and not sample else None
    return Link(link, name.removeprefix("www."), f"https://web.archive.org/web/{moment}/{link}" if moment else None)


def share_of_classes(sentences: Iterable[Sentence]) -> tuple[Share, ...]:
    """How many sentences there are of each class."""
    counts: dict[SentenceClass, int] = Counter(sentence.kind for sentence in sentences)
    return shares(counts)


def _from_word(before: str, *, cut: bool) -> str:
    """The context before a quote, from its first whole word; an ellipsis says that the record begins earlier."""
    if not cut or not before.strip():
        return before
    return "… " + before.partition(" ")[2].lstrip() if " " in before.strip() else "… "


def _to_word(after: str) -> str:
    """The context after a quote, to its last whole word or to the end of its last sentence."""
    if not after.strip() or after.rstrip().endswith((".", "!", "?", "”", '"', "…")):
        return after.rstrip()
    return after.rpartition(" ")[0].rstrip() + " …"

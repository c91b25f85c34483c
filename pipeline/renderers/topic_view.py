"""What a topic briefing shows: on the site as a page, from the command line as one file or as Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.edition import Aside, Searched, TopicAnswer
from pipeline.renderers import phrases
from pipeline.renderers.charts import Share
from pipeline.renderers.refusals import Refusal, by_rule, refusal
from pipeline.renderers.sentences import Numbering, SourceRow, by_record, share_of_classes
from pipeline.renderers.story_view import Text, text_of


@dataclass(frozen=True, slots=True)
class TopicPage:
    """A topic briefing: the question, where it was put, the cited answer, and what is new in it."""

    query: str
    title: str
    lang: str
    asked: str
    asked_iso: str
    days: str
    searched: tuple[tuple[str, str, str], ...]  # name, records given and found, problem
    unsaid: str  # why there is no text
    pages: str
    set_aside: str  # how many records, "" for none
    aside: tuple[tuple[str, str, str], ...]  # title, source, reason
    text: Text
    evidence_line: tuple[str, ...]
    platforms: tuple[str, ...]
    sources: tuple[SourceRow, ...]
    cited: tuple[tuple[SourceRow, ...], ...]  # the same, those of a record together
    shares: tuple[Share, ...]
    sentences: int
    since: str
    fresh: str
    refusals: tuple[Refusal, ...]
    refused_by_rule: tuple[tuple[str, int], ...]
    writer: str
    prompts: tuple[tuple[str, str], ...]
    sample: bool


def topic_page(answer: TopicAnswer) -> TopicPage:
    """The view of one answer; numbers are given in reading order."""
    numbering = Numbering(
        answer.citations, answer.records, answer.lang, answer.new_records if answer.since is not None else ()
    )
    text = text_of(answer.sections, numbering)
    rows = numbering.rows()
    badges = dict.fromkeys(phrases.platform(record.platform) for record in numbering.cited_records())
    fresh = len(answer.new_records)
    return TopicPage(
        query=answer.query,
        title=answer.title or answer.query,
        lang=answer.lang,
        asked=phrases.stamp(answer.asked),
        asked_iso=phrases.iso(answer.asked),
        days=phrases.count(answer.days, "day"),
        searched=tuple((place.name, _found(place), place.problem or "") for place in answer.searched),
        unsaid=_unsaid(answer),
        pages=answer.pages,
        set_aside=phrases.count(answer.set_aside, "record") if answer.set_aside else "",
        aside=tuple((one.title, one.source, _reason(one)) for one in answer.aside),
        text=text,
        evidence_line=(
            phrases.count(answer.considered or len(answer.records), "record"),
            phrases.count(answer.origins or len({r.origin_id for r in answer.records}), "origin"),
            phrases.count(len(badges), "platform"),
        ),
        platforms=tuple(badges),
        sources=rows,
        cited=by_record(rows),
        shares=share_of_classes(answer.sentences),
        sentences=len(answer.sentences),
        since=phrases.stamp(answer.since) if answer.since else "",
        fresh=f"{phrases.count(fresh, 'record')} {'is' if fresh == 1 else 'are'} new" if fresh else "nothing is new",
        refusals=tuple(refusal(dropped) for dropped in answer.dropped),
        refused_by_rule=by_rule(answer.dropped),
        writer=answer.writer,
        prompts=tuple(sorted(answer.prompts.items())),
        sample=any(record.sample for record in answer.records),
    )


def _found(place: Searched) -> str:
    """How many records a place gave, and how many of these are on the topic."""
    if place.problem and not place.given:
        return "no answer"
    if place.given is None:
        return phrases.count(place.found, "record")
    return f"{phrases.count(place.given, 'record')}, {place.found} on the topic"


def _unsaid(answer: TopicAnswer) -> str:
    """Why an answer has no text: nothing is on the topic, or no sentence on it can be cited."""
    if not answer.considered:
        mute = sum(place.problem is not None for place in answer.searched)
        unheard = f" {mute} of {phrases.count(len(answer.searched), 'place')} gave no answer." if mute else ""
        return f"No record of the last {phrases.count(answer.days, 'day')} is on “{answer.query}”.{unheard}"
    verb = "is" if answer.considered == 1 else "are"
    return f"{phrases.count(answer.considered, 'record')} {verb} on “{answer.query}”, but no sentence passed the gate."


def _reason(aside: Aside) -> str:
    """Why a record was set aside."""
    if aside.lacking:
        return "lacks " + ", ".join(f"“{word}”" for word in aside.lacking)
    return "holds the words, but resembles other matters more"

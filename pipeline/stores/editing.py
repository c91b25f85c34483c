"""What write keeps: stories whole and in rows, what is held, and models' answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select

from pipeline.domain import Dropped, Held, Sentence, Story, Verdict
from pipeline.errors import StoreError
from pipeline.stores import schema
from pipeline.stores.correcting import body_of, standing, story_of
from pipeline.stores.database import Database
from pipeline.stores.rows import Shape, Values

_HELD = Shape(Held, schema.held)


class Editing:
    """The part of the store that write writes."""

    db: Database

    # --- stories -----------------------------------------------------------------------------------------------------

    def latest_story(self, storyline_id: str) -> Story | None:
        """The latest version of a storyline's story that was not withdrawn."""
        history = self._stories(storyline_id=storyline_id, latest=True)
        return history[0] if history else None

    def story_history(self, storyline_id: str, *, withdrawn: bool = False) -> Sequence[Story]:
        """The versions of a storyline's story that stand, first to last; or those that were `withdrawn`."""
        found = self._stories(storyline_id=storyline_id, withdrawn=withdrawn)
        return sorted(found, key=lambda story: story.version)

    def live_stories(self, *, since: datetime | None = None) -> Sequence[Story]:
        """The latest standing version of each story (of those written `since`), by time of writing, then id."""
        return self._stories(latest=True, since=since)

    def all_stories(self, *, withdrawn: bool = False) -> Sequence[Story]:
        """All versions that stand, by time of writing, then id; or all that were `withdrawn`."""
        return self._stories(withdrawn=withdrawn)

    def save_story(self, story: Story) -> None:
        """Append one version. Stored again unchanged it is no news; anything that would rewrite one is refused."""
        body = body_of(story)
        with self.db.transaction("save_story"):
            known = self.db.rows(select(schema.stories.c.body).where(schema.stories.c.id == story.id))
            if known and known[0].body == body:
                return
            self._check_succession(story, bool(known))
            self.db.put(schema.slugs, [{"slug": story.slug, "storyline_id": story.storyline_id}])
            self.db.add(schema.stories, [_story_row(story, body)])
            self._save_sentences(story)

    def _check_succession(self, story: Story, known: bool) -> None:
        """Versions go up; an address keeps its subject and a subject its address."""
        stories, slugs = schema.stories, schema.slugs
        newest = select(func.max(stories.c.version)).where(stories.c.storyline_id == story.storyline_id)
        last = self.db.rows(newest)[0][0]
        if known or (last is not None and story.version <= last):
            raise StoreError(f"story {story.id} would overwrite version {story.version}; versions are appended")
        same = (slugs.c.slug == story.slug) | (slugs.c.storyline_id == story.storyline_id)
        for row in self.db.rows(select(slugs).where(same)):
            if (row.slug, row.storyline_id) != (story.slug, story.storyline_id):
                raise StoreError(
                    f"story {story.id} of storyline {story.storyline_id} asks for the address {story.slug!r}, but "
                    f"{row.slug!r} belongs to storyline {row.storyline_id}; an address never changes its subject"
                )

    def _save_sentences(self, story: Story) -> None:
        sentences: list[Values] = []
        reasons: list[Values] = []
        cited: list[Values] = []
        for n, (role, sentence) in enumerate(_sentences(story)):
            sentences.append(_sentence_row(story.id, n, role, sentence))
            place = {"story_id": story.id, "sentence": n}
            for m, reason in enumerate(sentence.verdict.reasons):
                reasons.append(place | {"n": m, "rule": reason.rule, "detail": reason.detail})
            cited.extend(place | {"n": m, "key": key} for m, key in enumerate(sentence.citations))
        self.db.add(schema.sentences, sentences)
        self.db.add(schema.verdict_reasons, reasons)
        self.db.add(schema.sentence_citations, cited)
        self.db.put(schema.citations, _citation_rows(story))

    def _stories(
        self,
        *,
        storyline_id: str | None = None,
        latest: bool = False,
        since: datetime | None = None,
        withdrawn: bool = False,
    ) -> list[Story]:
        table = schema.stories
        wanted = standing(select(table.c.body).order_by(table.c.written, table.c.id), gone=withdrawn)
        if since is not None:
            wanted = wanted.where(table.c.written >= since)
        if storyline_id is not None:
            wanted = wanted.where(table.c.storyline_id == storyline_id)
        if latest:
            newest = select(table.c.storyline_id, func.max(table.c.version).label("version"))
            last = standing(newest).group_by(table.c.storyline_id).subquery()
            wanted = wanted.join(
                last, (last.c.storyline_id == table.c.storyline_id) & (last.c.version == table.c.version)
            )
        return [story_of(row.body) for row in self.db.stream(wanted)]

    # --- what is held ------------------------------------------------------------------------------------------------

    def save_held(self, items: Sequence[Held]) -> None:
        """Keep items back for a person to decide; one that is held already keeps its date and what was decided."""
        if not items:
            return
        with self.db.transaction("save_held"):
            self.db.put(schema.held, [_HELD.row(item) for item in items], keep=["since", "rest"])

    def decide_held(self, item: Held) -> None:
        """Keep a held item with what a person decided, in place of what it was."""
        with self.db.transaction("decide_held"):
            self.db.put(schema.held, [_HELD.row(item)])

    def held_items(self) -> Sequence[Held]:
        """What waits for a person, and what was decided, by time, then id."""
        table = schema.held
        return [_HELD.noun(row) for row in self.db.rows(select(table).order_by(table.c.since, table.c.id))]

    # --- models ------------------------------------------------------------------------------------------------------

    def cached_answer(self, key: str) -> str | None:
        """What a model answered to exactly this call."""
        rows = self.db.rows(select(schema.answers.c.answer).where(schema.answers.c.key == key))
        return str(rows[0].answer) if rows else None

    def cache_answer(self, key: str, answer: str, model: str, now: datetime) -> None:
        """Keep a model's answer; the first one stands, so that a rerun says the same."""
        row = {"key": key, "answer": answer, "model": model, "at": now}
        with self.db.transaction("cache_answer"):
            self.db.put(schema.answers, [row], keep=["answer", "model", "at"])


def _story_row(story: Story, body: str) -> Values:
    return {
        "id": story.id,
        "storyline_id": story.storyline_id,
        "version": story.version,
        "slug": story.slug,
        "beat": story.beat,
        "written": story.written,
        "headline": story.headline.text,
        "writer": story.writer,
        "settings_hash": story.settings_hash,
        "previous": story.previous,
        "body": body,
    }


def _sentences(story: Story) -> Iterator[tuple[str, Sentence | Dropped]]:
    """Every sentence of a version with its role, in reading order; then those that were dropped."""
    yield "headline", story.headline
    if story.dek is not None:
        yield "dek", story.dek
    for section in story.sections:
        for paragraph in section.paragraphs:
            yield from ((section.role, sentence) for sentence in paragraph)
    yield from ((dropped.role, dropped) for dropped in story.dropped)


def _sentence_row(story_id: str, n: int, role: str, sentence: Sentence | Dropped) -> Values:
    verdict: Verdict = sentence.verdict
    return {
        "story_id": story_id,
        "n": n,
        "role": role,
        "text": sentence.text,
        "kind": sentence.kind.value if isinstance(sentence, Sentence) else None,
        "published": isinstance(sentence, Sentence),
        "label": verdict.label.value,
        "score": verdict.score,
    }


def _citation_rows(story: Story) -> list[Values]:
    return [
        {
            "story_id": story.id,
            "key": citation.key,
            "claim_id": citation.claim_id,
            "record_id": citation.evidence.record_id,
            "content_hash": citation.evidence.content_hash,
            "start": citation.evidence.start,
            "end": citation.evidence.end,
            "quote": citation.evidence.quote,
            "origin_id": citation.origin_id,
        }
        for citation in story.citations
    ]

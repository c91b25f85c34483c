"""Corrections by hand: `retract` takes something back, `correct` puts one sentence in the place of another.

What is retracted goes from every page, feed and bundle, older versions too; their addresses stay and say what was
withdrawn, when and why. What is corrected makes a new version; the older ones stay and are marked. Either is one entry
of the public log, committed with the versions that it makes, and keeps what it took out of later nights
(pipeline/barred.py). The caller builds the site again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.amends import Correction, CorrectionKind
from pipeline.barred import Barred, sentence_hash
from pipeline.bundles import verify
from pipeline.corrections.amending import Amendment, Change, Least, amended, instead, without
from pipeline.domain import CitedSpan, Claim, Sentence, Story, StoryKind, digest
from pipeline.errors import NotSupported, UsageError
from pipeline.gate import classify, judge
from pipeline.newsroom.closing import reopened
from pipeline.people import rule
from pipeline.protocols import Store
from pipeline.settings import Settings

LONGEST = 600  # characters of a sentence or a reason
_OWN = 0.5  # share of a story's cited claims from which a storyline is the one that it tells


@dataclass(frozen=True, slots=True)
class Target:
    """What a person named: an id of the kind `what` ("story", "sentence", "record", "source")."""

    what: str
    id: str


def numbered(story: Story) -> tuple[Sentence, ...]:
    """The sentences of a version in reading order, each text once: a person names them by their place here, from 1."""
    found: dict[str, Sentence] = {}
    for _, sentence, _ in verify.placed(story):
        found.setdefault(sentence.text, sentence)
    return tuple(found.values())


def resolve(store: Store, settings: Settings, ident: str) -> Target:
    """What `ident` names: id of a version or subject, address of a story, hash of a sentence, record, or source.

    Raises UsageError where it names nothing, or nothing that stands any more.
    """
    stories = store.all_stories()
    for story in stories:
        if ident in {story.id, story.storyline_id, story.slug}:
            return Target("story", story.storyline_id)
    texts = {sentence_hash(s.text) for story in stories for _, s, _ in verify.placed(story)}
    near = sorted(one for one in texts if len(ident) >= 8 and one.startswith(ident))
    if len(near) == 1:
        return Target("sentence", near[0])
    taken = {entry.target for entry in store.corrections() if entry.kind is CorrectionKind.RETRACTED}
    if store.records([ident]) and ident not in taken:
        return Target("record", ident)
    if ident not in taken and ident in {source.name for source in settings.configured_sources()} | set(store.health()):
        return Target("source", ident)
    if ident in taken or any(ident in {s.id, s.storyline_id, s.slug} for s in store.all_stories(withdrawn=True)):
        raise UsageError(f"{ident} is withdrawn already; the log of corrections says when and why")
    raise UsageError(
        f"nothing published is called {ident!r}: give the id or address of a story, the hash of a sentence "
        "(citewire correct ID lists them), the id of a record or the name of a source"
    )


def names(store: Store, ident: str, entry: Correction) -> bool:
    """Whether `ident`, which may be gone since, named what `entry` took back or put right."""
    if ident == entry.target or (len(ident) >= 8 and entry.what == "sentence" and entry.target.startswith(ident)):
        return True
    concerned = {*entry.stories, *entry.withdrawn, *entry.successors}
    versions = (*store.all_stories(), *store.all_stories(withdrawn=True))
    mine = [one for one in versions if ident in {one.id, one.storyline_id, one.slug}]
    if entry.kind is CorrectionKind.RETRACTED:
        return any(one.storyline_id == entry.target for one in mine)
    return entry.what == "sentence" and any(one.id in concerned for one in mine)


def retract(store: Store, settings: Settings, target: Target, why: str, now: datetime) -> Correction:
    """Take something back everywhere. Raises UsageError for a reason that cannot be printed, StoreError."""
    kind = CorrectionKind.RETRACTED
    entry = Correction(entry_id(kind, target, now), kind, now, target.what, target.id, _line(why, "reason"))
    return withdraw(store, settings, entry)


def withdraw(store: Store, settings: Settings, entry: Correction, *, erase: bool = True) -> Correction:
    """Enter `entry`, which names what is withdrawn, with all that follows from it; returns it as it was entered.

    Without `erase` older versions that rest on it stay, marked, unless nothing is left that could follow them.
    """
    lives = _by_subject(store.all_stories())
    _in_time(lives, entry.at)
    taking = _Taking.of(store, lives, entry)
    entry = replace(entry, claims=tuple(sorted(taking.claims)))
    found = _Following()
    for subject, versions in sorted(lives.items()):
        hit = [v for v in versions if subject == taking.subject or taking.touches(v)]
        if not hit:
            continue
        latest = versions[-1]
        follower = None
        if subject != taking.subject and latest in hit:
            follower = _follower(settings, _awake(store, latest, entry.at), taking, entry)
        whole = latest in hit and follower is None
        found.stories += [v.id for v in hit]
        found.withdrawn += [v.id for v in (versions if whole else hit if erase else ())]
        found.successors += [follower] if follower else []
    entry = found.entered(entry)
    store.save_correction(entry, found.successors)
    return entry


def mark(store: Store, entry: Correction) -> Correction:
    """Enter what happened to the sources of some citations: every version that cites them says so from now on."""
    keys = set(entry.keys)
    stories = tuple(s.id for s in store.all_stories() if any(c.key in keys for c in s.citations))
    entry = replace(entry, stories=stories)
    store.save_correction(entry)
    return entry


def correct(
    store: Store, settings: Settings, ident: str, number: int, *, text: str | None, why: str, now: datetime
) -> Correction:
    """Print `text` in the place of sentence `number` of a story's latest version, or (None) leave the sentence out.

    Raises UsageError where there is no such sentence, NotSupported where the gate refuses the text or too little would
    be left of the story.
    """
    story = latest(store, ident)
    _in_time({story.storyline_id: [story]}, now)
    old = _chosen(story, number)
    new = None if text is None else supported(story, old, _line(text, "sentence"))
    kind = CorrectionKind.DROPPED if new is None else CorrectionKind.CORRECTED
    target = Target("sentence", sentence_hash(old.text))
    claims = _asserted(store, [story], target.id)
    entry = Correction(
        entry_id(kind, target, now),
        kind,
        now,
        target.what,
        target.id,
        _line(why, "reason"),
        stories=tuple(v.id for v in store.story_history(story.storyline_id) if _prints(v, target.id)),
        successors=("y" + digest("story", story.storyline_id, str(story.version + 1)),),
        claims=tuple(sorted(claims)),
        old=target.id,
        text="" if new is None else new.text,
        citations=() if new is None else new.citations,
    )
    change = instead(target.id, new) if new else _taken_out(story, target.id, claims)
    by = Amendment(entry, now, settings.fingerprint())
    following = amended(_awake(store, story, now), change, by, Least())
    if following is None:
        raise NotSupported(
            f"too little would be left of {story.slug}; retract it instead: citewire retract {story.slug}"
        )
    store.save_correction(entry, [following])
    return entry


def latest(store: Store, ident: str) -> Story:
    """The latest version of the story that `ident` names. Raises UsageError."""
    for story in store.live_stories():
        if ident in {story.id, story.storyline_id, story.slug}:
            return story
    raise UsageError(
        f"{ident!r} is no story's latest version, address or id; the bundle of a page (story.json) has them"
    )


# --- what is taken ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Taking:
    """What an entry takes out: citation keys, sentences, claims, records; the subject, where it is a whole story."""

    subject: str | None
    keys: frozenset[str]
    sentences: frozenset[str]
    claims: frozenset[str]
    records: frozenset[str]

    @classmethod
    def of(cls, store: Store, lives: Mapping[str, Sequence[Story]], entry: Correction) -> _Taking:
        every = [story for versions in lives.values() for story in versions]
        if entry.what == "story":
            mine = lives.get(entry.target, ())
            keys = frozenset(citation.key for story in mine for citation in story.citations)
            texts = frozenset(
                sentence_hash(s.text) for story in mine for _, s, _ in verify.placed(story) if s.citations
            )
            return cls(entry.target, keys, texts, _told_by(store, mine), frozenset())
        if entry.what == "sentence":
            claims = _asserted(store, every, entry.target)
            keys = frozenset(c.key for s in every for c in s.citations if c.claim_id in claims)
            return cls(None, keys, frozenset({entry.target}), claims, frozenset())
        keys, records = _of_records(store, every, Barred.of([entry]))
        return cls(None, keys, frozenset(), frozenset(), records)

    def touches(self, story: Story) -> bool:
        """Whether a version prints or cites any of it."""
        cited = {key for _, sentence, _ in verify.placed(story) for key in sentence.citations}
        return not self.keys.isdisjoint(cited) or any(_prints(story, one) for one in self.sentences)


@dataclass(slots=True)
class _Following:
    """What follows from an entry."""

    stories: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    successors: list[Story] = field(default_factory=list)

    def entered(self, entry: Correction) -> Correction:
        """The entry with what follows from it."""
        made = tuple(story.id for story in self.successors)
        return replace(entry, stories=tuple(self.stories), withdrawn=tuple(self.withdrawn), successors=made)


def _follower(settings: Settings, story: Story, taking: _Taking, entry: Correction) -> Story | None:
    """The version that follows without what is taken, if it is still worth printing."""
    told = {s.text for _, s, section in verify.placed(story) if section and section.role == "body" and s.citations}
    origins = len({citation.origin_id for citation in story.citations})
    least = Least(min(settings.write.min_sentences, len(told)), min(settings.write.min_origins, origins))
    if entry.what == "sentence":
        least = Least()
    change = without(taking.keys, verify.spans(story), taking.sentences)
    return amended(story, change, Amendment(entry, entry.at, settings.fingerprint(), taking.records), least)


def _awake(store: Store, story: Story, now: datetime) -> Story:
    """`story`, open again where it was closed as silent and claims have joined its storyline since."""
    ending = story.ending
    if ending is None or ending.into is not None:
        return story
    joined = any(ending.since < one.since <= now for one in store.memberships(story.storyline_id))
    return reopened(story) if joined else story


def _taken_out(story: Story, sentence: str, claims: Iterable[str]) -> Change:
    """The change that takes out a sentence and all that rests on nothing else than its claims."""
    barred = set(claims)
    keys = frozenset(c.key for c in story.citations if c.claim_id in barred)
    return without(keys, verify.spans(story), frozenset({sentence}))


def _told_by(store: Store, versions: Sequence[Story]) -> frozenset[str]:
    """The claims that a withdrawn story rests on, and all that the storyline which it tells holds by now."""
    cited = {citation.claim_id for story in versions for citation in story.citations}
    if any(story.kind not in {StoryKind.LEAD, StoryKind.STORY, StoryKind.DISPATCH} for story in versions):
        return frozenset(cited)  # of several storylines, which go on
    records = {citation.evidence.record_id for story in versions for citation in story.citations}
    ids = {line for lines in store.storylines_of_records(sorted(records)).values() for line in lines}
    for line in store.storylines(sorted(ids)):
        if len(cited & set(line.claim_ids)) >= _OWN * len(cited):
            cited |= set(line.claim_ids)
    return frozenset(cited)


def _asserted(store: Store, stories: Sequence[Story], sentence: str) -> frozenset[str]:
    """The claims that a sentence cites wherever it stands, with those of their findings."""
    claims: set[str] = set()
    records: set[str] = set()
    for story in stories:
        keys = {key for _, s, _ in verify.placed(story) if sentence_hash(s.text) == sentence for key in s.citations}
        claims |= {citation.claim_id for citation in story.citations if citation.key in keys}
        records |= {citation.evidence.record_id for citation in story.citations if citation.key in keys}
    ids = {line for lines in store.storylines_of_records(sorted(records)).values() for line in lines}
    for finding in store.findings(sorted(ids)):
        if not claims.isdisjoint(finding.claim_ids):
            claims |= set(finding.claim_ids)
    return frozenset(claims)


def _of_records(store: Store, stories: Sequence[Story], barred: Barred) -> tuple[frozenset[str], frozenset[str]]:
    """Citation keys and ids of the cited records that `barred` bars, their copies included."""
    cited = {citation.evidence.record_id for story in stories for citation in story.citations}
    records, origins = store.records(sorted(cited)), store.origins_of(sorted(cited))
    shut = {key for key, record in records.items() if barred.record(record)} | barred.records
    claims: Mapping[str, Claim] = store.claims(sorted({c.claim_id for story in stories for c in story.citations}))
    keys = set()
    for citation in (c for story in stories for c in story.citations):
        owner, claim = citation.evidence.record_id, claims.get(citation.claim_id)
        origin = (claim.origin_id if claim else None) or origins.get(owner, owner)
        if owner in shut or origin in shut:
            keys.add(citation.key)
    copies = {key for key in cited if origins.get(key, key) in shut}
    return frozenset(keys), frozenset(shut | copies)


# --- one sentence ----------------------------------------------------------------------------------------------------


def _chosen(story: Story, number: int) -> Sentence:
    """The sentence that a person means. Raises UsageError."""
    sentences = numbered(story)
    if not 1 <= number <= len(sentences):
        raise UsageError(f"{story.slug} has sentences 1 to {len(sentences)}; citewire correct {story.slug} lists them")
    chosen = sentences[number - 1]
    if chosen.computation is not None:
        raise UsageError(f"sentence {number} is computed from what the story cites; correct or retract that")
    return chosen


def supported(story: Story, old: Sentence, text: str) -> Sentence:
    """`text` with citations that bear it out: those of the sentence that it replaces, else more of the same records.

    Raises NotSupported with what the gate found.
    """
    if text == old.text:
        raise UsageError("that is what the story says already")
    spans = verify.spans(story)
    records = {c.evidence.record_id for c in story.citations if c.key in old.citations}
    more = tuple(c.key for c in story.citations if c.evidence.record_id in records)
    reasons: list[str] = []
    for keys in (old.citations, *((*old.citations, key) for key in more if key not in old.citations)):
        cited: list[CitedSpan] = [spans[key] for key in keys]
        verdict = judge(text, cited)
        ruling = rule.judge(text, cited)
        if verdict.publish and cited and ruling.publish:
            return Sentence(text, classify(text, cited), keys, verdict)
        if verdict.publish:
            reasons = reasons or [f"{rule.RULE}: {ruling.reason}"]
        reasons = reasons or [f"{reason.rule}: {reason.detail}" for reason in verdict.reasons]
    told = "; ".join(reasons) or "it cites nothing"
    raise NotSupported(f"the cited words do not bear the new sentence out, so it may not be printed ({told})")


# --- small ones ------------------------------------------------------------------------------------------------------


def _by_subject(stories: Iterable[Story]) -> dict[str, list[Story]]:
    found: dict[str, list[Story]] = {}
    for story in sorted(stories, key=lambda s: (s.storyline_id, s.version)):
        found.setdefault(story.storyline_id, []).append(story)
    return found


def _prints(story: Story, sentence: str) -> bool:
    return any(sentence_hash(s.text) == sentence for _, s, _ in verify.placed(story))


def entry_id(kind: CorrectionKind, target: Target, now: datetime) -> str:
    """Id of an entry of the log."""
    return "k" + digest("correction", kind.value, target.what, target.id, now.isoformat())


def _in_time(lives: Mapping[str, Sequence[Story]], now: datetime) -> None:
    """A correction cannot be older than what it corrects. Raises UsageError."""
    newest = max((story.written for versions in lives.values() for story in versions), default=now)
    if newest > now:
        raise UsageError(
            f"the clock says {now.isoformat()}, but a version of {newest.isoformat()} is stored; see --now"
        )


def _line(text: str, what: str) -> str:
    """What a person wrote, on one line. Raises UsageError for nothing, too much, or what cannot be printed."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    if not flat or len(flat) > LONGEST:
        raise UsageError(f"a {what} of 1 to {LONGEST} characters is needed, this has {len(flat)}")
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in flat):
        raise UsageError(f"the {what} holds characters that cannot be printed")
    return flat

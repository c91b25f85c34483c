"""The rule on people where stories are written: second origins, held sentences, decisions, denials."""

from dataclasses import replace
from datetime import timedelta

from factories import NOW, make_claim, make_dossier, make_record

from pipeline.compose import Unwritten, write_article
from pipeline.compose.article import _facts
from pipeline.compose.guarding import Guard
from pipeline.compose.headline import short_title
from pipeline.compose.ledger import Ledger
from pipeline.compose.settle import Settler
from pipeline.domain import DraftSentence, Held, Label
from pipeline.newsroom.versions import bind
from pipeline.people import held
from pipeline.people.contexts import sensitive
from pipeline.people.rule import judge
from pipeline.preferences import WriteSettings
from pipeline.settings import Settings

ACCUSED = "Elena Marsh, the mayor of Oldport, is accused of taking bribes from two builders"
DENIED = "Marsh denied taking bribes in a statement on Monday"


def paper(name: str, *sentences: str, hours: int = 0):
    """A record of one outlet and its claims."""
    record = make_record(
        f"News of {name}\n\n" + " ".join(f"{one}." for one in sentences),
        title=f"News of {name}",
        publisher=name,
        url=f"https://{name.lower().replace(' ', '-')}.example/a",
        published=NOW - timedelta(hours=30 - hours),
    )
    return record, [make_claim(record, one) for one in sentences]


def desk(*papers, **overrides):
    """A dossier of some papers, each an origin of its own, each claim a finding of its own."""
    return make_dossier(
        [record for record, _ in papers], [claim for _, found in papers for claim in found], **overrides
    )


def draft(dossier, text: str, *quotes: str) -> tuple[Ledger, DraftSentence]:
    """A ledger and a draft that cites the claims of some quotes."""
    ledger = Ledger(dossier)
    chosen = [claim for claim in dossier.claims.values() if claim.text in quotes]
    return ledger, DraftSentence(text, tuple(key for claim in chosen for key in ledger.claim_keys(claim)))


def settled(dossier, text: str, *quotes: str):
    """What a settler makes of one sentence, and the settler."""
    ledger, sentence = draft(dossier, text, *quotes)
    settler = Settler(ledger, _facts(dossier, ledger, ()))
    return settler.sentence((sentence,), "body"), settler


SENTENCE = f"{ACCUSED}, Oldport Post reports."


def test_an_allegation_of_one_origin_waits_and_its_text_is_in_the_store_alone():
    dossier = desk(paper("Oldport Post", ACCUSED))
    sentence, settler = settled(dossier, SENTENCE, ACCUSED)
    assert sentence is None
    [item] = settler.guard.waits.values()
    assert item.text == SENTENCE
    assert item.reason == "rests on one origin and on no court, regulator or word of the person's own"
    [entry] = settler.dropped
    assert entry.text == ""
    assert entry.text_hash
    assert entry.citations
    assert entry.verdict.reasons[0].rule == "people"
    assert "Marsh" not in entry.verdict.reasons[0].detail


def test_a_second_origin_of_the_dossier_is_cited_where_one_is_too_few():
    other = "Marsh has been accused of taking bribes, two aides told the paper"
    dossier = desk(paper("Oldport Post", ACCUSED), paper("Harbour Wire", other, hours=1))
    sentence, settler = settled(dossier, SENTENCE, ACCUSED)
    assert sentence is not None
    assert not settler.guard.waits
    assert len({settler.ledger.origin(key) for key in sentence.citations}) == 2


def test_what_was_released_is_printed_in_any_wording_and_says_so():
    dossier = desk(paper("Oldport Post", ACCUSED))
    _, settler = settled(dossier, SENTENCE, ACCUSED)
    [item] = settler.guard.waits.values()
    done = held.decided(item, held.RELEASED, NOW, "seen the court file")
    sentence, again = settled(replace(dossier, held=(done,)), f"Oldport Post writes that {ACCUSED}.", ACCUSED)
    assert sentence is not None
    assert not again.guard.waits
    assert sentence.verdict.label is Label.SUPPORTED
    assert sentence.verdict.reasons[0].rule == "released"


def test_what_was_released_must_still_pass_the_gate():
    dossier = desk(paper("Oldport Post", ACCUSED))
    wrong = SENTENCE.replace("two builders", "nine builders")
    _ledger, sentence = draft(dossier, wrong, ACCUSED)
    item = Held(held.sentence_id(wrong, sentence.citations), "sentence", "s1", "because", NOW)
    released = held.decided(item, held.RELEASED, NOW, "")
    assert settled(replace(dossier, held=(released,)), wrong, ACCUSED)[0] is None


def test_what_was_rejected_stays_out_in_other_words_and_with_more_origins():
    dossier = desk(paper("Oldport Post", ACCUSED))
    _, settler = settled(dossier, SENTENCE, ACCUSED)
    [item] = settler.guard.waits.values()
    done = held.decided(item, held.REJECTED, NOW, "")
    other = paper("Harbour Wire", "Marsh has been accused of taking bribes, two aides told the paper", hours=1)
    more = replace(desk(paper("Oldport Post", ACCUSED), other), held=(done,))
    for text in (SENTENCE, f"Oldport Post writes that {ACCUSED}."):
        sentence, again = settled(more, text, ACCUSED)
        assert sentence is None
        assert not again.guard.waits
        assert "kept out by a person" in again.dropped[0].verdict.reasons[0].detail


PLAIN = [
    "The council of Oldport will vote on the harbour budget of $40 million on 12 May 2026",
    "Oldport spent $3 million on the new quay in 2025",
    "The harbour of Oldport handled 4,100 ships in 2025",
    "The quay of Oldport was closed for 14 days in April 2026",
    "Oldport plans to open a second quay in October 2027",
]


def court(name: str, *more: str):
    accusation = "Prosecutors charged Elena Marsh, the mayor of Oldport, with fraud over the $40 million harbour budget"
    return paper(name, accusation, *more)


def words(article) -> str:
    return " ".join(s.text for section in article.sections for p in section.paragraphs for s in p)


def test_t114_a_denial_in_the_evidence_is_printed_with_the_accusation():
    article = write_article(
        desk(court("Oldport Post", *PLAIN[:3]), paper("Harbour Wire", DENIED, *PLAIN[3:], hours=2)), WriteSettings()
    )
    assert not isinstance(article, Unwritten), article.reason
    assert "charged Elena Marsh" in words(article)
    assert "denied taking bribes" in words(article)


def test_a_story_that_falls_short_by_what_was_refused_waits_and_can_be_let_through():
    one = "Elena Marsh, the mayor of Oldport, took bribes of $40,000 from a builder in 2025"
    two = "Elena Marsh, the mayor of Oldport, lied about the harbour budget of $40 million"
    dossier = desk(paper("Oldport Post", one, PLAIN[0]), paper("Harbour Wire", two, PLAIN[1], PLAIN[2], hours=1))
    found = write_article(dossier, WriteSettings(min_sentences=4))
    assert isinstance(found, Unwritten)
    assert found.short
    [story] = [item for item in found.waiting if item.kind == "story"]
    released = held.decided(story, held.RELEASED, NOW, "")
    through = write_article(replace(dossier, held=(released,)), WriteSettings(min_sentences=4))
    assert not isinstance(through, Unwritten)
    assert "lied" not in words(through)
    rejected = held.decided(story, held.REJECTED, NOW, "")
    out = write_article(replace(dossier, held=(rejected,)), WriteSettings(min_sentences=1))
    assert isinstance(out, Unwritten)
    assert "kept out" in out.reason


def test_texts_about_people_are_not_kept_with_a_story():
    assert sensitive("Elena Marsh stole the harbour fund.")
    assert sensitive("Elena Marsh lives at 14 Elm Road.")
    assert not sensitive("Elena Marsh opened the quay.")


def test_the_guard_knows_nothing_of_other_desks():
    assert not Guard.of(Ledger(desk(paper("Oldport Post", ACCUSED)))).refused()


def test_t116_a_title_keeps_who_says_so_or_names_the_parties_alone():
    short = "Marsh took bribes, Oldport Post writes"
    assert short_title(short, "Marsh") == short
    long = "Elena Marsh, the mayor of Oldport, took bribes of $40,000 from two builders, Oldport Post writes"
    assert "bribes" not in short_title(long, "Elena Marsh took bribes")
    assert short_title("Selmouth orders 12 turbines, Grid Post writes", "Selmouth") == "Selmouth orders 12 turbines"


def test_an_address_tells_no_allegation():
    headline = "Elena Marsh opens quay, Oldport Post writes"
    for label in ("Elena Marsh took bribes", "Elena Marsh, Oldport"):
        papers = desk(paper("Oldport Post", *PLAIN), paper("Harbour Wire", "Elena Marsh opens quay", hours=1))
        papers = replace(papers, storyline=replace(papers.storyline, label=label))
        article = write_article(papers, WriteSettings(min_sentences=1))
        assert not isinstance(article, Unwritten), headline
        story = bind(article, papers, Settings(), ("General",), subject="s1", rank={})
        assert "bribes" not in story.slug


def test_what_a_reader_with_the_spans_alone_would_hold_is_held():
    told = "The star says her agents failed to protect her from Harvey Dunn, a disgraced producer"
    said = "The star says her agents failed to protect her from the disgraced producer, Oldport Post reports."
    dossier = desk(paper("Oldport Post", told, "Also in the news is Ann Star, a singer"))
    ledger, sentence = draft(dossier, said, told)
    guard = Guard.of(ledger)
    assert judge(said, ledger.spans(sentence.citations), guard.texts()).publish  # "her" taken for Ann Star's
    assert not judge(said, ledger.spans(sentence.citations)).publish
    assert not guard.ruling(sentence).publish


def test_a_title_that_readers_do_not_get_names_nobody_for_them():
    """The title alone says who is meant: it bears an allegation out where records are at hand, but not for a reader."""
    accused = "Mayor Elena Marsh is accused of taking bribes"
    one, _ = paper("Oldport Post", accused)
    other = make_record(
        "The mayor has been accused of taking bribes from two builders.",
        title="Mayor Elena Marsh accused of taking bribes",
        publisher="Harbour Wire",
        url="https://harbour.example/b",
    )
    claims = [make_claim(one, accused), make_claim(other, other.text.removesuffix("."))]
    dossier = make_dossier([one, other], claims)
    said = f"{accused}, Oldport Post reports."
    ledger, sentence = draft(dossier, said, *(claim.text for claim in claims))
    assert judge(said, ledger.spans(sentence.citations), Guard.of(ledger).texts()).publish
    assert not Guard.of(ledger).ruling(sentence).publish

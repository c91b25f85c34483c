"""T103: honest articles about injection, crime, markup, code and religion give claims and become stories."""

from __future__ import annotations

from collections import Counter

from honest_articles import Honest, articles

from benchmarks import liars
from pipeline.claiming.claims import extract
from pipeline.compose import Article, write_article
from pipeline.domain import Record
from pipeline.settings import WriteSettings

ARTICLES = articles()
MOST = 0.01  # share of false alarms


def record(one: Honest, number: int) -> Record:
    return liars._record((f"Outlet {number}", one.title, one.text), number % 5)


def test_they_are_many_and_differ() -> None:
    assert len(ARTICLES) >= 200
    assert len({one.text for one in ARTICLES}) == len(ARTICLES)
    assert len({one.kind for one in ARTICLES}) >= 8


def test_nearly_every_one_gives_claims() -> None:
    lost = [one for number, one in enumerate(ARTICLES) if not extract(record(one, number))]
    print(f"honest articles without a claim: {len(lost)} of {len(ARTICLES)}")
    assert len(lost) <= MOST * len(ARTICLES), [one.title for one in lost]


def test_few_of_their_sentences_are_lost() -> None:
    kept = Counter(len(extract(record(one, number), min_worth=0.0)) for number, one in enumerate(ARTICLES))
    sentences = sum(count * number for count, number in kept.items())
    every = sum(len(one.text.split(". ")) + 1 for one in ARTICLES)
    print(f"sentences of honest articles that are claims: {sentences} of {every}")
    assert sentences >= 0.75 * every


def test_nearly_every_one_becomes_a_story() -> None:
    untold = []
    for number, one in enumerate(ARTICLES):
        papers = liars.dossier(((f"Outlet {number}", one.title, one.text),), number)
        written = write_article(papers, WriteSettings(min_sentences=1)) if papers else None
        if not isinstance(written, Article):
            untold.append(one.title)
    print(f"honest articles that become no story: {len(untold)} of {len(ARTICLES)}")
    assert len(untold) <= MOST * len(ARTICLES), untold

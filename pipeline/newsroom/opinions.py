"""A second opinion: the judge role on sentences that the gate let through. It may refuse; it never allows.

Every printed sentence that cites something is put to the model with its spans, a dozen in one call, as a choice:
supported, contradicted, not said. Below LEAST the sentence is refused and the next wording of its slot tried. What was
refused is kept with the version as an answer of the model, so a replay refuses the same and asks nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.amends import Answered
from pipeline.compose import Article, Unwritten
from pipeline.domain import Label, Reason, Sentence, Verdict, digest
from pipeline.errors import BudgetExhausted, ModelError
from pipeline.prompts import load
from pipeline.protocols import LLM, Decision, Question, choice

__all__ = ["LEAST", "RULE", "Composer", "Opinion", "asked_of", "judged", "refused_by", "second"]

PROMPT = "decide"
RULE = "judge"
LEAST = 0.5  # probability of support from which a sentence stays
AT_ONCE = 12  # sentences put in one call
_SUPPORTED, _CONTRADICTED, _UNSAID = (
    "the evidence supports the whole sentence",
    "the evidence contradicts the sentence",
    "the evidence does not say all of it",
)
_LABELS = {_CONTRADICTED: Label.CONTRADICTED, _UNSAID: Label.UNSUPPORTED}


Composer = Callable[..., Article | Unwritten]  # with `refused`: verdicts by the hash of a sentence's text


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the judge refused, by the hash of its text, and the answers that say so."""

    refused: Mapping[str, Verdict] = field(default_factory=dict)
    answers: tuple[Answered, ...] = ()


def judged(llm: LLM | None, compose: Composer) -> tuple[Article | Unwritten, str]:
    """What `compose` makes, and makes again without what the judge refuses, until nothing new is printed.

    Also why the judge gave up, "" where it did not: what stands then has passed the gate alone. Without a judge: what
    `compose` makes.
    """
    article, known, opinion = compose(), set[str](), Opinion()
    failed = ""
    while llm is not None and isinstance(article, Article):
        quotes = {citation.key: citation.evidence.quote for citation in article.citations}
        asked = asked_of(article.printed(), quotes, known)
        if not asked:
            break
        try:
            found = second(llm, asked)
        except (ModelError, BudgetExhausted) as error:
            failed = str(error)
            break
        known |= set(asked)
        opinion = Opinion({**opinion.refused, **found.refused}, opinion.answers + found.answers)
        article = compose(refused=opinion.refused) if found.refused else article
    if isinstance(article, Unwritten):
        return article, failed
    return replace(article, answers=article.answers + opinion.answers), failed


def asked_of(
    sentences: Iterable[Sentence], quotes: Mapping[str, str], known: Iterable[str]
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What is put to the judge: hash -> text and cited words, of sentences that cite, each once, but the `known`."""
    left = set(known)
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for one in sentences:
        key = text_hash(one.text)
        if one.citations and one.computation is None and key not in left:
            found.setdefault(key, (one.text, tuple(quotes[name] for name in one.citations)))
    return found


def second(llm: LLM, sentences: Mapping[str, tuple[str, tuple[str, ...]]]) -> Opinion:
    """The judge's opinion on `sentences` (see `asked_of`). Raises ModelError and BudgetExhausted."""
    refused: dict[str, Verdict] = {}
    answers: list[Answered] = []
    for part in _parts(list(sentences)):
        names = {f"s{number}": key for number, key in enumerate(part, start=1)}
        state = "\n".join(_line(name, *sentences[key]) for name, key in names.items())
        decided = llm.decide(state, {name: _question(name) for name in names})
        found = {
            key: verdict
            for name, key in names.items()
            if (verdict := _verdict(decided.decisions[name], decided.model)) is not None
        }
        refused |= found
        kept = {key: {"label": v.label.value, "score": v.score} for key, v in sorted(found.items())}
        answers.append(
            Answered(
                PROMPT,
                load(PROMPT).version,
                decided.model,
                decided.key,
                digest("rendered", state),
                json.dumps({"refused": kept}, sort_keys=True, separators=(",", ":")),
                decided.usage.input_tokens,
                decided.usage.output_tokens,
                round(decided.usage.cost, 6),
                decided.passed,
            )
        )
    return Opinion(refused, tuple(answers))


def refused_by(answers: Iterable[Answered]) -> dict[str, Verdict]:
    """What the judge's answers among those that a version keeps refused. Raises ValueError for damage."""
    found: dict[str, Verdict] = {}
    for one in answers:
        if one.prompt == PROMPT:
            for key, kept in json.loads(one.answer)["refused"].items():
                found[key] = _refusal(Label(kept["label"]), float(kept["score"]), one.model)
    return found


def text_hash(text: str) -> str:
    """What a sentence is known by, as in `Dropped.text_hash`."""
    return digest("sentence", text, size=32)


def _parts(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _line(name: str, text: str, evidence: Sequence[str]) -> str:
    """One sentence and its evidence as a line of JSON: nothing in it can speak for another line."""
    return json.dumps({"name": name, "sentence": text, "evidence": [" ".join(q.split()) for q in evidence]})


def _question(name: str) -> Question:
    text = f"What does the evidence of {name}, and nothing else, do to the sentence of {name}?"
    return choice(text, [_SUPPORTED, _CONTRADICTED, _UNSAID])


def _verdict(decision: Decision, model: str) -> Verdict | None:
    shares = decision.probabilities
    if shares[_SUPPORTED] >= LEAST:
        return None
    worse = max(_LABELS, key=lambda label: shares[label])
    return _refusal(_LABELS[worse], round(shares[_SUPPORTED], 4), model)


def _refusal(label: Label, score: float, model: str) -> Verdict:
    detail = f"{model} finds support in its spans with a probability of {score:.2f}"
    return Verdict(label, (Reason(RULE, detail),), score)

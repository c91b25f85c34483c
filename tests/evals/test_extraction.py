"""The extraction harness: what it counts, on pages made here."""

import gzip
import json

import pytest

from pipeline.errors import UsageError
from pipeline.evals.extraction import run, score, tokens

PARAGRAPH = (
    "The grid operator of an invented valley said on Monday that the rebuilt substation will open two years late. "
)
PAGE = (
    "<html><head><title>t</title></head><body><nav>Home Business</nav><article>{}</article>"
    "<footer>Copyright</footer></body></html>"
)


def folder(tmp_path, rows, pages):
    (tmp_path / "truth.json").write_text(json.dumps(rows), encoding="utf-8")
    for key, html in pages.items():
        (tmp_path / f"{key}.html.gz").write_bytes(gzip.compress(html.encode()))
    return tmp_path


def test_a_plain_article_is_found_whole(tmp_path):
    html = PAGE.format("".join(f"<p>{PARAGRAPH}{n}</p>" for n in ("One.", "Two.", "Three.")))
    text = "\n".join(f"{PARAGRAPH}{n}" for n in ("One.", "Two.", "Three."))
    measured = run(folder(tmp_path, {"a": {"text": text, "url": None}}, {"a": html}))
    assert (measured["precision"], measured["recall"], measured["f1"], measured["pages"]) == (1.0, 1.0, 1.0, 1)
    assert measured["seconds"] >= 0
    assert (measured["trafilatura_precision"], measured["trafilatura_recall"], measured["trafilatura_f1"]) == (1, 1, 1)
    assert measured["trafilatura_seconds"] >= 0


def test_a_page_that_cannot_be_read_counts_as_nothing_found(tmp_path):
    measured = run(folder(tmp_path, {"a": {"text": PARAGRAPH}}, {"a": "<html></html>"}))
    assert (measured["precision"], measured["recall"], measured["f1"]) == (0.0, 0.0, 0.0)


def test_pages_weigh_the_same():
    assert score("a b c d", {"text": "a b"}) == (0.5, 1.0)
    assert score("a", {"text": "a b"}) == (1.0, 0.5)
    assert score("", {"text": ""}) == (1.0, 1.0)
    assert score("a a", {"text": "a"}) == (0.5, 1.0), "a token counts as often as it stands there"


def test_phrases_that_must_and_must_not_occur():
    row = {"with": ["the grid operator", "two years"], "without": ["sign up now"]}
    assert score("The grid operator is two years late.", row) == (1.0, 1.0)
    assert score("The grid operator. Sign up now!", row) == (0.5, 0.6)


def test_scripts_without_spaces_are_counted_by_character():
    assert tokens("Grid 電力網 2029") == ["grid", "電", "力", "網", "2029"]


@pytest.mark.parametrize("truth", ["", "[]", '{"a": 1}'])
def test_unusable_truth_is_a_usage_error(tmp_path, truth):
    (tmp_path / "truth.json").write_text(truth)
    with pytest.raises(UsageError, match=r"truth\.json"):
        run(tmp_path)


def test_a_missing_or_broken_page_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        run(folder(tmp_path, {"a": {"text": "x"}}, {}))
    (tmp_path / "a.html.gz").write_bytes(b"no gzip")
    with pytest.raises(UsageError, match="cannot be read"):
        run(tmp_path)

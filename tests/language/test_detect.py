"""Languages: told where the text tells them, in any case and script, and never guessed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.detect import language

SAID = {
    "en": "The mayor opened the harbour's new quay on Monday, three months later than planned.",
    "de": "Die Bürgermeisterin eröffnete am Montag den neuen Kai des Hafens, drei Monate später als geplant.",
    "fr": "La maire a inauguré lundi le nouveau quai du port, trois mois plus tard que prévu.",
    "es": "La alcaldesa inauguró el lunes el nuevo muelle del puerto, tres meses más tarde de lo previsto.",
    "ru": "Мэр открыла в понедельник новую набережную порта, на три месяца позже, чем планировалось.",
    "el": "Η δήμαρχος εγκαινίασε τη Δευτέρα τη νέα προβλήτα του λιμανιού.",
    "ja": "市長は月曜日、予定より三か月遅れて港の新しい岸壁を開いた。",
    "zh": "市长周一为港口的新码头揭幕，比原计划晚了三个月，渔民们对此表示欢迎。",
    "ko": "시장은 월요일에 예정보다 석 달 늦게 항구의 새 부두를 열었다.",
    "ar": "افتتحت رئيسة البلدية يوم الاثنين رصيف الميناء الجديد بعد ثلاثة أشهر من الموعد المقرر.",
    "he": "ראש העיר פתחה ביום שני את הרציף החדש של הנמל, שלושה חודשים מאוחר מהמתוכנן.",
}


@pytest.mark.parametrize("code", SAID)
def test_languages_are_told(code: str) -> None:
    assert language(SAID[code]) == code
    assert language(SAID[code].upper()) == code
    assert language(SAID[code] * 200) == code


def test_headlines_in_capitals_and_posts_full_of_tags() -> None:
    assert language("Mayor Opens New Quay of the Harbour Three Months Late") == "en"
    tagged = "@harbourmaster #openingday https://harbour.example/the/new/quay/of/the/harbour "
    assert language(f"{tagged} Der neue Kai ist endlich offen, und alle sind gekommen.") == "de"
    assert language(tagged * 3) is None


@pytest.mark.parametrize(
    "text", ["", "   ", "Quay 4", "12 345 678 901 234 567 890", "🎉" * 50, "a b c d", "\x00\ud800" * 40]
)
def test_too_little_gets_no_answer(text: str) -> None:
    assert language(text) is None


@given(st.text(max_size=300))
def test_any_text_gets_a_code_or_none(text: str) -> None:
    found = language(text)
    assert found is None or (found.isalpha() and 2 <= len(found) <= 3)
    assert language(text) == found


def test_the_model_is_loaded_when_it_is_first_needed() -> None:
    code = "import sys; import pipeline.language.detect; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

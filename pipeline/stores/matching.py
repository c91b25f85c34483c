"""Full-text search in PostgreSQL that finds, and scores, what SQLite finds: its own index, one reading of words.

Texts are split and stemmed by the same tokenizer in both stores, SQLite's (sqlite.org/fts5.html, section 4.3), which
stands in every Python. PostgreSQL keeps the terms as a tsvector under a GIN index, and BM25 is computed in the query as
FTS5 does (section 5.1.1: k1 = 1.2, b = 0.75). A tsvector counts at most 255 places of a term, among the first 16,383
words: beyond that, scores may differ.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import groupby

from sqlalchemy import Column, Connection, Double, Text, TextualSelect, text

_PLACES, _LAST = 255, 16_383  # of a term in a tsvector, and the highest that one can be (PostgreSQL manual, 12.11)
_ROOM = 900_000  # bytes of terms in a tsvector, which holds 2^20
_TOKENIZER = "porter unicode61"  # as in migrations/versions/v0001_first.py

_KEEP = text(
    "INSERT INTO record_words (record_id, length, words) VALUES (:record_id, :length, CAST(:words AS tsvector)) "
    "ON CONFLICT (record_id) DO UPDATE SET length = excluded.length, words = excluded.words"
)
_FIND = """
WITH phrases AS (SELECT n, terms FROM unnest(CAST(:numbers AS int[]), CAST(:phrases AS text[])) AS p (n, terms)),
singles AS (SELECT n, terms AS term FROM phrases WHERE terms NOT LIKE '% %'),
matched AS MATERIALIZED (SELECT record_id, length, words FROM record_words WHERE words @@ CAST(:query AS tsquery)),
hits AS (
    SELECT record_id, length, n, cardinality(positions) AS times
    FROM matched, unnest(words) AS held JOIN singles ON singles.term = held.lexeme
    UNION ALL
    SELECT record_id, length, n, (
        SELECT count(*) FROM unnest(starts.positions) AS start WHERE NOT EXISTS (
            SELECT 1 FROM unnest(string_to_array(terms, ' ')) WITH ORDINALITY AS part (term, place)
            WHERE NOT EXISTS (
                SELECT 1 FROM unnest(words) AS held
                WHERE held.lexeme = part.term AND CAST(start + place - 1 AS smallint) = ANY (held.positions)
            )
        )
    ) AS times
    FROM matched, phrases, unnest(words) AS starts
    WHERE terms LIKE '% %' AND starts.lexeme = split_part(terms, ' ', 1)
),
held AS (SELECT * FROM hits WHERE times > 0),
whole AS (SELECT CAST(count(*) AS double precision) AS n, CAST(sum(length) AS double precision) AS words
    FROM record_words),
rarity AS (
    SELECT held.n, ln((whole.n - count(*) + 0.5) / (count(*) + 0.5)) AS idf
    FROM held, whole GROUP BY held.n, whole.n
)
SELECT record_id AS id, CAST(round(CAST(sum(
    CASE WHEN idf > 0 THEN idf ELSE 0.000001 END
    * (times * 2.2) / (times + 1.2 * (0.25 + 0.75 * length / (whole.words / whole.n))) ORDER BY held.n
) AS numeric), 6) AS double precision) AS score
FROM held JOIN rarity ON rarity.n = held.n CROSS JOIN whole GROUP BY record_id
"""


class PostgresWords:
    """Fits `pipeline.stores.database.Words`."""

    def index(self, connection: Connection, texts: Mapping[str, str]) -> None:
        """Keep the folded `texts` by record id, replacing what was kept of these records."""
        if texts:
            names = sorted(texts)
            with _tokenizer() as read:
                found = [_vector(terms) for terms in read([texts[name] for name in names])]
            rows = [{"record_id": name, **made} for name, made in zip(names, found, strict=True)]
            connection.execute(_KEEP, rows)

    def find(self, words: Sequence[str]) -> TextualSelect:
        """Selects (id, score): BM25 rounded to 1e-6, so that equal records stay equal."""
        with _tokenizer() as read:
            phrases = [" ".join(term for term, _ in terms) for terms in read(list(words))]
        query = " | ".join("(" + " <-> ".join(map(_quoted, phrase.split(" "))) + ")" for phrase in phrases if phrase)
        found = text(_FIND).bindparams(numbers=list(range(len(phrases))), phrases=phrases, query=query)
        return found.columns(Column("id", Text), Column("score", Double))


@contextmanager
def _tokenizer() -> Iterator[Reader]:
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Reader(connection)


class Reader:
    """Reads texts as SQLite's full-text search does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"CREATE VIRTUAL TABLE texts USING fts5 (words, content = '', tokenize = '{_TOKENIZER}')")
        connection.execute("CREATE VIRTUAL TABLE instances USING fts5vocab (texts, instance)")
        self._connection = connection

    def __call__(self, texts: Sequence[str]) -> list[list[tuple[str, int]]]:
        """The terms of each text with their places (0 is the first), in order."""
        self._connection.executemany("INSERT INTO texts (rowid, words) VALUES (?, ?)", enumerate(texts))
        found: list[list[tuple[str, int]]] = [[] for _ in texts]
        rows = self._connection.execute('SELECT doc, term, "offset" FROM instances ORDER BY doc, "offset"')
        for doc, group in groupby(rows, key=lambda row: row[0]):
            found[doc] = [(term, place) for _, term, place in group]
        return found


def _vector(terms: Sequence[tuple[str, int]]) -> dict[str, object]:
    """The row of a text: how many terms it has, and the literal of its tsvector (PostgreSQL manual, 8.11.1)."""
    places: dict[str, list[int]] = {}
    for term, place in terms:
        places.setdefault(term, []).append(min(place + 1, _LAST))
    room, parts = _ROOM, []
    for term, found in places.items():
        room -= len(term.encode()) + 2 * min(len(found), _PLACES) + 4
        if room < 0:
            break
        parts.append(f"{_quoted(term)}:{','.join(map(str, found[:_PLACES]))}")
    return {"length": len(terms), "words": " ".join(parts)}


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"

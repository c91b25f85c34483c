"""The ledger of one story: which span of which record each citation key means, and how much may still be quoted.

Keys are content hashes of evidence. Only spans of the dossier's own records can enter, so nothing outside the dossier
can reach a page. Quote limit (design section 4): a span has at most 40 words, and a story quotes at most 10 % of a
record or 60 words, whichever is more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.compose.naming import Voices
from pipeline.compose.trim import MAX_SPAN_WORDS
from pipeline.domain import Citation, CitedRecord, CitedSpan, Claim, Dossier, Evidence, Record
from pipeline.people.contexts import around, sensitive

QUOTE_SHARE = 0.10
QUOTE_WORDS = 60
CONTEXT = 240


class Ledger:
    """Evidence of one dossier by key. Built by `cite`, read by everything that prints or judges."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier
        self.voices = Voices()
        self._evidence: dict[str, tuple[str, Evidence]] = {}

    def cite(self, claim: Claim, start: int, end: int) -> str:
        """Key of the range `start..end` of the claim's record; the range is entered. Raises ValueError outside it."""
        record = self.dossier.records[claim.record_id]
        if end > len(record.text):
            raise ValueError(f"range {start}..{end} lies outside record {record.id}")
        evidence = Evidence(record.id, record.content_hash, start, end, record.text[start:end])
        self._evidence.setdefault(evidence.key, (claim.id, evidence))
        return evidence.key

    def claim_keys(self, claim: Claim) -> tuple[str, ...]:
        """Keys of a claim's own spans, each entered; spans over the limit are left out."""
        fitting = [e for e in claim.evidence if len(e.quote.split()) <= MAX_SPAN_WORDS]
        return tuple(self.cite(claim, e.start, e.end) for e in fitting)

    def beside(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Keys of the other claims of the records that `keys` cite, each entered, a dozen at most."""
        records = {self.record(key).id for key in keys}
        claims = [claim for claim in self.dossier.claims.values() if claim.record_id in records][:12]
        found = dict.fromkeys(key for claim in claims for key in self.claim_keys(claim))
        return tuple(key for key in found if key not in keys)

    def __contains__(self, key: str) -> bool:
        return key in self._evidence

    def claim(self, key: str) -> Claim:
        """The claim that a key was entered for."""
        return self.dossier.claims[self._evidence[key][0]]

    def record(self, key: str) -> Record:
        """The record that a key points into."""
        return self.dossier.records[self._evidence[key][1].record_id]

    def evidence(self, key: str) -> Evidence:
        """The span itself."""
        return self._evidence[key][1]

    def origin(self, key: str) -> str:
        """Id of the origin that the claim behind a key counts as."""
        claim = self.claim(key)
        return self.dossier.origins.get(claim.id) or claim.origin_id or claim.record_id

    def spans(self, keys: Iterable[str]) -> tuple[CitedSpan, ...]:
        """What the gate may see of these citations."""
        return tuple(self._span(key) for key in keys)

    def _span(self, key: str) -> CitedSpan:
        record, evidence = self.record(key), self.evidence(key)
        return CitedSpan(
            quote=evidence.quote,
            key=key,
            record=record.id,
            origin=self.origin(key),
            publisher=record.publisher,
            published=record.published,
            author=record.author,
            platform=record.platform,
            title=record.title or None,
        )

    def room(self, record: Record) -> int:
        """Words of `record` that a story may quote in all."""
        return max(QUOTE_WORDS, int(len(record.text.split()) * QUOTE_SHARE))

    def fits(self, keys: Sequence[str], used: Iterable[str]) -> bool:
        """Whether citing `keys` beside the keys `used` keeps every record's quote limit."""
        every = set(used) | set(keys)
        return all(
            self._quoted(r, every) <= self.room(self.dossier.records[r]) for r in {self.record(k).id for k in keys}
        )

    def _quoted(self, record_id: str, keys: Iterable[str]) -> int:
        """Words of a record inside the union of the spans of `keys`."""
        ranges = sorted((e.start, e.end) for k in keys if (e := self.evidence(k)).record_id == record_id)
        text, words, done = self.dossier.records[record_id].text, 0, 0
        for start, end in ranges:
            begin = max(start, done)
            if begin < end:
                words += len(text[begin:end].split())
                done = end
        return words

    def citation(self, key: str) -> Citation:
        """The citation as a story ships it, with up to 240 characters of context."""
        record, evidence = self.record(key), self.evidence(key)
        before, after = around(record.text, evidence.start, evidence.end, CONTEXT // 2)
        return Citation(
            key=key,
            claim_id=self.claim(key).id,
            evidence=evidence,
            before=before,
            after=after,
            origin_id=self.origin(key),
        )

    def cited_record(self, record: Record, keys: Iterable[str]) -> CitedRecord:
        """What a story prints of a record that `keys` cite."""
        origin = next((self.origin(k) for k in sorted(keys) if self.record(k).id == record.id), record.id)
        return CitedRecord(
            id=record.id,
            content_hash=record.content_hash,
            url=record.url,
            title="" if sensitive(record.title) else record.title,
            publisher=record.publisher,
            author=record.author,
            platform=record.platform,
            published=record.published,
            fetched=record.fetched,
            origin_id=origin,
            lang=record.lang,
            sample=record.sample,
            quality=record.quality,
            truncated=record.truncated,
            kind=record.kind,
            via=record.via,
            source=record.source,
            owner=record.owner,
        )

    def origins(self) -> Mapping[str, str]:
        """Key -> origin id of everything entered."""
        return {key: self.origin(key) for key in self._evidence}

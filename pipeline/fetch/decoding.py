"""Decoding a reply's body with every limit applied during decoding, not after it.

A 265-byte reply can name three codings and become gigabytes; so at most one coding is accepted, of two kinds, with a
cap on the decoded size, a cap on the ratio, and a check that the compressed stream came to its end.
"""

from __future__ import annotations

import zlib
from typing import Any

from pipeline.errors import FetchError, ReplyTooLarge, ReplyTruncated

ACCEPTED = "gzip, deflate"
RATIO = 200
RATIO_FREE = 1 << 20  # decoded bytes before the ratio counts: small pages of one letter compress well
_STEP = 1 << 16
_GZIP_MAGIC = b"\x1f\x8b"


class Body:
    """Collects a body: `add` raw chunks, then `finish`. `limit` caps decoded bytes.

    Raises FetchError for a coding that is unknown, repeated or not what the header said; ReplyTooLarge over the limit;
    ReplyTruncated where the stream has no end.
    """

    def __init__(self, coding: str, limit: int) -> None:
        codings = [
            name for name in (part.strip().lower() for part in coding.split(",")) if name not in ("", "identity")
        ]
        if len(codings) > 1:
            raise FetchError(
                f"the reply is encoded {len(codings)} times ({', '.join(codings)[:60]}), as only attacks are; "
                "it was not decoded. Tell the source's operator"
            )
        self._kind = codings[0].removeprefix("x-") if codings else ""
        if self._kind not in ("", "gzip", "deflate"):
            raise FetchError(
                f"the reply is encoded with {self._kind[:30]!r}, which was not asked for; it was not decoded. "
                "Tell the source's operator"
            )
        self._limit = limit
        self._decoder: Any = zlib.decompressobj(31) if self._kind == "gzip" else None
        self._received = 0
        self._decoded = bytearray()

    def add(self, chunk: bytes) -> None:
        """Take the next raw bytes."""
        self._received += len(chunk)
        if self._received > self._limit + _STEP:
            self._too_large("as sent")
        if not self._kind:
            self._keep(chunk)
            return
        if self._decoder is None and chunk:
            wrapped = chunk[0] & 0x0F == 8 and (len(chunk) < 2 or int.from_bytes(chunk[:2], "big") % 31 == 0)
            self._decoder = zlib.decompressobj(15 if wrapped else -15)  # "deflate" is sent with and without wrapper
        try:
            self._inflate(chunk)
        except zlib.error as error:
            raise FetchError(f"the reply says it is {self._kind} and is not ({error})") from None

    def _inflate(self, data: bytes) -> None:
        while data:
            if self._decoder.eof:
                if not data.startswith(_GZIP_MAGIC):
                    return  # padding after the end, as some servers send
                self._decoder = zlib.decompressobj(31)
            self._keep(self._decoder.decompress(data, _STEP))
            data = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail

    def _keep(self, decoded: bytes) -> None:
        self._decoded += decoded
        if len(self._decoded) > self._limit:
            self._too_large("after decompression" if self._kind else "as sent")
        if self._kind and len(self._decoded) > max(RATIO_FREE, RATIO * self._received):
            raise ReplyTooLarge(
                f"the reply grows more than {RATIO}-fold when decompressed, as only attacks do; remove its source"
            )

    def _too_large(self, how: str) -> None:
        raise ReplyTooLarge(
            f"the reply is larger than {self._limit / 1048576:.3g} MiB {how}; "
            "raise max_feed_bytes or max_page_bytes under [ingest] if it is right that it is so large"
        )

    def partial(self) -> bytes:
        """What has been decoded so far, at most `limit` bytes."""
        return bytes(self._decoded[: self._limit])

    def finish(self) -> bytes:
        """The whole decoded body."""
        if self._decoder is not None and not self._decoder.eof and self._received:
            raise ReplyTruncated(f"the reply was cut off inside its {self._kind} stream after {self._received:,} bytes")
        return bytes(self._decoded)

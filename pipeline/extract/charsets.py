"""Bytes to text: what a page is written in, whatever it claims."""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)


def decode(data: bytes, content_type: str = "") -> str:
    """`data` as text. UTF-8 that is valid is UTF-8, whatever header or page say; then header, page, Windows-1252."""
    for mark, coding in _MARKS:
        if data.startswith(mark):
            return data.decode(coding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    header, meta = _HEADER_CHARSET.search(content_type), _META_CHARSET.search(data[:4096])
    for name in (header[1] if header else None, meta[1].decode("ascii") if meta else None):
        if name:
            try:
                return data.decode("cp1252" if name.lower() in ("iso-8859-1", "latin-1", "latin1") else name)
            except (LookupError, UnicodeError):
                continue
    return data.decode("utf-8" if _mostly_utf8(data) else "cp1252", "replace")


def _mostly_utf8(data: bytes) -> bool:
    """Whether broken UTF-8 (cut in a character, say) is still more likely than a one-byte charset."""
    text = data[:100_000].decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken * 4 < sum(1 for char in text if ord(char) > 0x7F)

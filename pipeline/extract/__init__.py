"""Pages to text: two readings of a page, what they agree on, a score. Pure: bytes in, text and metadata out."""

from pipeline.extract.charsets import decode
from pipeline.extract.fragments import fragment_text
from pipeline.extract.pages import MIN_TEXT, Extracted, Page, extract, extract_page
from pipeline.extract.tree import reserves_text

__all__ = ["MIN_TEXT", "Extracted", "Page", "decode", "extract", "extract_page", "fragment_text", "reserves_text"]

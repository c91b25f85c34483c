"""Text of PDF files, by pypdf (extra "pdf"); run in a process that can be killed."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from pipeline.errors import MissingExtra, ParseError
from pipeline.language import cleaning

MAX_PAGES = 500
MAX_CHARACTERS = 2_000_000
REMEDY = "pip install 'citewire[pdf]'"
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]\n(?=[a-zà-ÿ])")
_WRAPPED = re.compile(r"(?<![.!?:;…。！？\n])[ \t]*\n(?!\s*(?:\n|[•*–-]\s))")


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF says: `title` and `author` from its own table, `text` with one paragraph per line."""

    title: str
    author: str
    text: str


def document(body: bytes) -> Document:
    """The text of a PDF. Raises ParseError for what cannot be read, MissingExtra without pypdf."""
    try:
        from pypdf import PdfReader  # noqa: PLC0415  an extra
    except ImportError as error:
        raise MissingExtra(f"PDF files need a package that is not installed ({error}). Run: {REMEDY}") from error
    try:
        reader = PdfReader(io.BytesIO(body), strict=False)
        about = reader.metadata
        title, author = (about.title, about.author) if about else (None, None)
        parts: list[str] = []
        for page in reader.pages[:MAX_PAGES]:
            parts.append(page.extract_text())
            if sum(map(len, parts)) > MAX_CHARACTERS:
                break
    except Exception as error:  # pypdf lets dozens of kinds of errors out on broken files
        raise ParseError(f"the PDF cannot be read ({type(error).__name__}: {str(error)[:150]})") from None
    text = unwrapped("\n".join(parts))
    if not any(char.isalpha() for char in text):
        raise ParseError("the PDF holds no text; pictures of pages need a reader of characters first")
    return Document(cleaning.line(str(title or "")), cleaning.line(str(author or "")), text)


def unwrapped(text: str) -> str:
    """Lines joined to paragraphs: a line that ends no sentence goes on in the next; words split at a hyphen close."""
    return cleaning.clean(_WRAPPED.sub(" ", _HYPHEN.sub("", text.replace("\r\n", "\n"))))

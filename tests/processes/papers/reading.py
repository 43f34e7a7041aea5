"""A PDF as a test reads it: its words, without the blanks and hyphens that only the line's length put there."""

import re
from io import BytesIO

from pypdf import PdfReader

_FILLING = re.compile(r"[\s\u00a0\u00ad\u200b\u2010\u2011-]+")


def open_pdf(content: bytes) -> PdfReader:
    """The PDF behind the bytes."""
    return PdfReader(BytesIO(content))


def squeeze(text: str) -> str:
    """A text without blanks and hyphens, to be looked for in `words_of`."""
    return _FILLING.sub("", text)


def words_of(content: bytes, *, first: int = 0) -> str:
    """All words of the pages from `first` (counted from 0), squeezed."""
    return squeeze("".join(page.extract_text() for page in open_pdf(content).pages[first:]))


def says(content: bytes, *texts: str) -> bool:
    """Whether every text stands in the PDF, whatever lines it was broken into."""
    words = words_of(content)
    return all(squeeze(text) in words for text in texts)

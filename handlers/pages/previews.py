"""Pictures of the pages of our own documents, for looking at them without leaving the service.

Only what the service typeset itself is drawn: nothing that people hand in is opened by this process.
"""

import struct
import zlib
from threading import Lock
from typing import Final

#: Dots to a point: an A4 page is about 1000 dots wide.
_SCALE: Final = 1.7
#: Pages that are counted and shown at most.
MOST_PAGES: Final = 30
#: The drawing library must not be entered by two threads.
_LOCK: Final = Lock()
_COLOURS: Final = 3


def count_pages(content: bytes) -> int:
    """Return the number of pages of a PDF, `MOST_PAGES` at most."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(content)
        try:
            return min(len(document), MOST_PAGES)
        finally:
            document.close()


def draw_page(content: bytes, number: int) -> bytes | None:
    """Return page `number` (from 1) of a PDF as PNG; None where there is no such page."""
    import pypdfium2

    with _LOCK:
        document = pypdfium2.PdfDocument(content)
        try:
            if not 1 <= number <= min(len(document), MOST_PAGES):
                return None
            picture = document[number - 1].render(scale=_SCALE, rev_byteorder=True, prefer_bgrx=False)
            return _png(bytes(picture.buffer), picture.width, picture.height, picture.stride)
        finally:
            document.close()


def _png(dots: bytes, width: int, height: int, stride: int) -> bytes:
    """Return rows of red, green and blue as a PNG file."""
    rows = b"".join(b"\0" + dots[n * stride : n * stride + width * _COLOURS] for n in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

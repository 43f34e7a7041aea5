"""The port of a signing device: who implements it makes signature files; the engine only keeps and reads them."""

from datetime import datetime
from typing import Protocol


class Signer(Protocol):
    """A device that signs a content for a person."""

    def sign(self, content: bytes, *, name: str, at: datetime) -> bytes:
        """A detached CMS signature (DER) over `content` for the person's `name`, dated `at` (aware)."""
        ...  # pragma: no cover - a protocol has no body

"""What is known of a signature: its kind by the law, who gave it, and what of it was checked here."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.errors import InvalidError


class Kind(StrEnum):
    """In what manner a document was signed.

    SIMPLE: by signing in and confirming (article 5 part 2 of 63-FZ). FILE: by a signature file made elsewhere, whose
    holder's certificate nobody here judges: it may be enhanced qualified, enhanced unqualified or worth nothing.
    DEMO: by the demonstration's own key, without any legal force.
    """

    SIMPLE = "simple"
    FILE = "file"
    DEMO = "demo"


class Check(StrEnum):
    """What came of a comparison. UNSUPPORTED: the algorithm is not at hand here, so nothing is said either way."""

    MATCHES = "matches"
    DIFFERS = "differs"
    UNSUPPORTED = "unsupported"


class SignatureError(InvalidError):
    """A file is no signature that may be kept with this document; the message says what to bring instead."""

    slug = "bad_signature"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The signer's certificate as it names itself; nobody here vouches for it. `serial` in hex; instants aware."""

    subject: str
    organization: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    is_self_signed: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in a file.

    `digest` says whether it was made over the document, `value` whether the certificate's key made it; `digest_name`
    and `algorithm` are the algorithms' names; `claimed_at` is when the signer's machine says it signed (aware).
    """

    certificate: Certificate
    digest_name: str
    algorithm: str
    digest: Check
    value: Check
    claimed_at: datetime | None

    @property
    def is_in_term(self) -> bool | None:
        """Whether the claimed instant lies within the certificate's term; None where none is claimed."""
        if self.claimed_at is None:
            return None
        return self.certificate.valid_from <= self.claimed_at <= self.certificate.valid_until

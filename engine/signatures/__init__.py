"""Electronic signatures of documents: their kinds, signature files read and compared, the port of a signing device."""

from engine.signatures.cms import MAX_SIZE, read_file
from engine.signatures.model import Certificate, Check, Kind, Signature, SignatureError
from engine.signatures.port import Signer

__all__ = ["MAX_SIZE", "Certificate", "Check", "Kind", "Signature", "SignatureError", "Signer", "read_file"]

"""Names of the algorithms that signature files use, and which of the digests can be computed here."""

from typing import Final

#: Digests that Python computes, by object identifier.
DIGESTS: Final = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}

_RUSSIAN_DIGESTS: Final = {
    "1.2.643.7.1.1.2.2": "ГОСТ Р 34.11-2012 «Стрибог», 256 бит",
    "1.2.643.7.1.1.2.3": "ГОСТ Р 34.11-2012 «Стрибог», 512 бит",
    "1.2.643.2.2.9": "ГОСТ Р 34.11-94",
}

_SIGNING: Final = {
    "1.2.643.7.1.1.1.1": "ГОСТ Р 34.10-2012, 256 бит",
    "1.2.643.7.1.1.1.2": "ГОСТ Р 34.10-2012, 512 бит",
    "1.2.643.7.1.1.3.2": "ГОСТ Р 34.10-2012, 256 бит",
    "1.2.643.7.1.1.3.3": "ГОСТ Р 34.10-2012, 512 бит",
    "1.2.643.2.2.19": "ГОСТ Р 34.10-2001",
    "1.2.643.2.2.3": "ГОСТ Р 34.10-2001",
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.5": "RSA",
    "1.2.840.113549.1.1.11": "RSA",
    "1.2.840.113549.1.1.12": "RSA",
    "1.2.840.113549.1.1.13": "RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10045.2.1": "ECDSA",
    "1.2.840.10045.4.3.2": "ECDSA",
    "1.2.840.10045.4.3.3": "ECDSA",
    "1.2.840.10045.4.3.4": "ECDSA",
    "1.3.101.112": "Ed25519",
}


def digest_words(oid: str) -> str:
    """A digest algorithm's name; the identifier itself where it is unknown."""
    if oid in DIGESTS:
        return DIGESTS[oid].upper().replace("SHA", "SHA-")
    return _RUSSIAN_DIGESTS.get(oid, oid)


def signing_words(oid: str) -> str:
    """A signature algorithm's name; the identifier itself where it is unknown."""
    return _SIGNING.get(oid, oid)

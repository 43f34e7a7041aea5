"""Whether the key of a certificate made a signature: RSA and elliptic curves; of other keys nothing is said."""

from typing import TYPE_CHECKING, Any, Final

from engine.signatures.algorithms import DIGESTS
from engine.signatures.model import Check

if TYPE_CHECKING:
    from asn1crypto import cms, x509

_PSS: Final = "1.2.840.113549.1.1.10"


class _NotAtHandError(Exception):
    """A kind of key or of digest that nothing here can check."""


def check_value(info: "cms.SignerInfo", certificate: "x509.Certificate", document: bytes) -> Check:
    """Whether the certificate's key made the signature of `info` over its signed attributes, else over the document.

    UNSUPPORTED for keys and digests that are not at hand (GOST R 34.10, say). Raises ValueError for broken ASN.1.
    """
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    attributes = info["signed_attrs"]
    signed = attributes.untag().dump() if attributes else document
    try:
        _verify(info, _public_key(certificate), signed)
    except InvalidSignature:
        return Check.DIFFERS
    except (UnsupportedAlgorithm, _NotAtHandError):
        return Check.UNSUPPORTED
    return Check.MATCHES


def _public_key(certificate: "x509.Certificate") -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        return load_der_public_key(certificate.public_key.dump())
    except ValueError as error:
        raise _NotAtHandError from error


def _verify(info: "cms.SignerInfo", key: Any, signed: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

    signature = info["signature"].native
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, signed)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(_digest(info)))
    elif isinstance(key, rsa.RSAPublicKey):
        digest = _digest(info)
        if info["signature_algorithm"]["algorithm"].dotted == _PSS:
            salt = info["signature_algorithm"]["parameters"]["salt_length"].native
            key.verify(signature, signed, padding.PSS(padding.MGF1(digest), salt), digest)
        else:
            key.verify(signature, signed, padding.PKCS1v15(), digest)
    else:
        raise _NotAtHandError


def _digest(info: "cms.SignerInfo") -> Any:
    from cryptography.hazmat.primitives import hashes

    name = DIGESTS.get(info["digest_algorithm"]["algorithm"].dotted)
    if name is None:
        raise _NotAtHandError
    return getattr(hashes, name.upper())()

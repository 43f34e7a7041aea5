"""The demonstration's signing device: a certification authority of its own, made anew by each process.

What it signs says so in the certificate: it has no legal force. Keys live in memory and are never written down.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, Name

AUTHORITY: Final = "Демонстрационный удостоверяющий центр"
WARNING: Final = "Демонстрация: юридической силы не имеет"
_TERM: Final = timedelta(days=365)


@dataclass
class DemoSigner:
    """A `Signer` for demonstrations: ECDSA on P-256 over SHA-256, one certificate a signature."""

    def sign(self, content: bytes, *, name: str, at: datetime) -> bytes:
        """A detached CMS signature (DER) with the certificates inside."""
        from asn1crypto import keys, x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
        from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _issue(_person(name), key, self._key, at)
        root = _issue(_authority(), self._key, self._key, at, is_authority=True)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register(x509.Certificate.load(root.public_bytes(Encoding.DER)))
        signer = SimpleSigner(
            signing_cert=x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            signing_key=keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
            cert_registry=store,
        )
        settings = PdfCMSSignedAttributes(signing_time=at)
        made: Any = asyncio.run(signer.async_sign_general_data(content, "sha256", signed_attr_settings=settings))
        return bytes(made.dump())

    @cached_property
    def _key(self) -> "EllipticCurvePrivateKey":
        from cryptography.hazmat.primitives.asymmetric import ec

        return ec.generate_private_key(ec.SECP256R1())


def _authority() -> "Name":
    return _named(("ORGANIZATION_NAME", AUTHORITY), ("ORGANIZATIONAL_UNIT_NAME", WARNING))


def _person(name: str) -> "Name":
    surname, _, given = name.partition(" ")
    return _named(("SURNAME", surname), ("GIVEN_NAME", given or "—"), ("ORGANIZATION_NAME", WARNING))


def _named(*parts: tuple[str, str]) -> "Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(getattr(NameOID, kind), text) for kind, text in parts])


def _issue(
    subject: "Name",
    key: "EllipticCurvePrivateKey",
    issuer_key: "EllipticCurvePrivateKey",
    at: datetime,
    *,
    is_authority: bool = False,
) -> "Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    begun = at - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(_authority())
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + _TERM)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if not is_authority:
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=True,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        made = made.add_extension(usage, critical=True)
    return made.sign(issuer_key, hashes.SHA256())

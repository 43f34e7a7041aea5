"""Signature files: what is read of them, what is compared, what is refused, and what is honestly left unchecked."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from engine.signatures import Check, SignatureError, read_file
from handlers.demo_signing import AUTHORITY, WARNING, DemoSigner

AT = datetime(2026, 1, 12, 6, tzinfo=UTC)
DOCUMENT = "Протокол № 1/2026".encode()
NAME = "Главов Матвей Андреевич"


@pytest.fixture(scope="module")
def signed() -> bytes:
    return DemoSigner().sign(DOCUMENT, name=NAME, at=AT)


def changed(signed: bytes, change: str) -> bytes:
    """The signature file with one thing in it another."""
    outer = cms.ContentInfo.load(signed)
    inner = outer["content"]
    info = inner["signer_infos"][0]
    match change:
        case "no certificate":
            inner["certificates"] = []
        case "no signers":
            inner["signer_infos"] = []
        case "document inside":
            inner["encap_content_info"]["content"] = DOCUMENT
        case "another value":
            info["signature"] = info["signature"].native[:-4] + b"\0\1\2\3"
        case "streebog":
            info["digest_algorithm"]["algorithm"] = "1.2.643.7.1.1.2.2"
            info["signature_algorithm"]["algorithm"] = "1.2.643.7.1.1.1.1"
        case _:
            raise AssertionError(change)
    return bytes(outer.dump(force=True))


@pytest.mark.parametrize("form", ["der", "pem", "base64"])
def test_a_detached_signature_is_read_and_compared_in_every_encoding(signed: bytes, form: str) -> None:
    content = {"der": signed, "pem": pem.armor("PKCS7", signed), "base64": base64.encodebytes(signed)}[form]
    (one,) = read_file(content, DOCUMENT)
    assert (one.digest, one.value) == (Check.MATCHES, Check.MATCHES)
    assert (one.algorithm, one.digest_name, one.claimed_at) == ("ECDSA", "SHA-256", AT)
    assert (one.certificate.subject, one.certificate.issuer) == (NAME, AUTHORITY)
    assert one.certificate.organization == WARNING
    assert one.certificate.valid_from <= AT <= one.certificate.valid_until
    assert one.is_in_term
    assert int(one.certificate.serial, 16) > 0


def test_a_signature_of_another_file_is_refused_with_what_to_do(signed: bytes) -> None:
    with pytest.raises(SignatureError) as refused:
        read_file(signed, DOCUMENT + b" ")
    assert "сделана для другого файла" in refused.value.errors["file"][0]
    assert "Скачайте документ" in refused.value.errors["file"][0]
    assert refused.value.rule


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("no certificate", "нет сертификата"),
        ("no signers", "нет электронной подписи"),
        ("document inside", "лежит и сам документ"),
        ("another value", "не соответствует сертификату"),
    ],
)
def test_what_is_no_detached_signature_with_its_certificate_is_refused(signed: bytes, change: str, words: str) -> None:
    with pytest.raises(SignatureError) as refused:
        read_file(changed(signed, change), DOCUMENT)
    assert words in refused.value.errors["file"][0]


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"%PDF-1.7\n\xff\xfe", b"0\x82" + b"\xff" * 40, b"0" * 600, b"\x30\x80\x00\x00\xff"]
)
def test_what_is_no_signature_file_at_all_is_refused(content: bytes) -> None:
    with pytest.raises(SignatureError, match="не принят"):
        read_file(content, DOCUMENT)


def test_a_cut_or_lengthened_file_is_refused(signed: bytes) -> None:
    for content in (
        *(signed[:n] for n in range(1, len(signed), 97)),
        signed + b"\0",
        signed + signed,
        b"\0" * (2 << 20),
    ):
        with pytest.raises(SignatureError):
            read_file(content, DOCUMENT)


def test_russian_algorithms_are_named_and_nothing_is_claimed_of_them(signed: bytes) -> None:
    (one,) = read_file(changed(signed, "streebog"), b"whatever")
    assert (one.digest, one.value) == (Check.UNSUPPORTED, Check.UNSUPPORTED)
    assert (one.algorithm, one.digest_name) == ("ГОСТ Р 34.10-2012, 256 бит", "ГОСТ Р 34.11-2012 «Стрибог», 256 бит")


def test_rsa_is_checked_too_with_and_without_signed_attributes() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Центр без выдумки")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(AT)
        .not_valid_after(AT + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    maker = pkcs7.PKCS7SignatureBuilder().set_data(DOCUMENT).add_signer(certificate, key, hashes.SHA512())
    detached = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    for options in (detached, [*detached, pkcs7.PKCS7Options.NoAttributes]):
        content = maker.sign(Encoding.DER, options)
        (one,) = read_file(content, DOCUMENT)
        assert (one.digest, one.value, one.algorithm) == (Check.MATCHES, Check.MATCHES, "RSA")
        assert (one.certificate.subject, one.certificate.serial) == ("Центр без выдумки", "7")
        assert one.certificate.is_self_signed
        with pytest.raises(SignatureError, match="не принят"):
            read_file(content, DOCUMENT + b"!")

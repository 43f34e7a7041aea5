"""Detached signature files (CMS, RFC 5652) read and compared with the document they are said to sign.

DER, PEM or bare Base64. The message digest is compared where its algorithm is at hand (the SHA families), and the
signature's value is checked with the key of the certificate in the file where that is RSA or an elliptic curve.
Russian algorithms (Streebog, GOST R 34.10) are named and not checked: that takes a certified tool. Whether the
certificate may be trusted is not judged at all.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from engine.signatures.algorithms import DIGESTS, digest_words, signing_words
from engine.signatures.keys import check_value
from engine.signatures.model import Certificate, Check, Signature, SignatureError

if TYPE_CHECKING:
    from asn1crypto import cms, x509

MAX_SIZE: Final = 1 << 20
_MAX_SIGNERS: Final = 20
_SEQUENCE: Final = 0x30
_SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
_NO_SIGNATURE: Final = "В файле нет электронной подписи. Приложите файл .sig (CMS), полученный при подписании."
_DETACHED: Final = "Сохраните открепленную подпись: отдельным файлом .sig, без документа внутри."


def read_file(content: bytes, document: bytes) -> tuple[Signature, ...]:
    """The signatures of a detached file, each compared with the document.

    Raises SignatureError for what is no such file, names no certificate, or provably signs something else.
    """
    if len(content) > MAX_SIZE:
        raise _refused("Файл подписи больше 1 МБ. Приложите открепленную подпись.")
    try:
        found = tuple(_signatures(_signed_data(content), document))
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError) as error:
        raise _refused(_NO_SIGNATURE) from error
    if not found:
        raise _refused(_NO_SIGNATURE)
    for one in found:
        _check(one)
    return found


def _check(one: Signature) -> None:
    if one.digest is Check.DIFFERS:
        raise _refused(
            f"Подпись ({one.certificate.subject}) сделана для другого файла: хеш не совпал. Скачайте документ "
            "отсюда, подпишите именно его и приложите новый файл подписи.",
            is_rule=True,
        )
    if one.value is Check.DIFFERS:
        raise _refused(
            f"Подпись ({one.certificate.subject}) повреждена: она не соответствует сертификату в файле. "
            "Подпишите документ заново.",
            is_rule=True,
        )


def _refused(text: str, *, is_rule: bool = False) -> SignatureError:
    return SignatureError("Файл подписи не принят.", errors={"file": [text]}, rule=is_rule)


def _signed_data(content: bytes) -> "cms.SignedData":
    from asn1crypto import cms

    outer = cms.ContentInfo.load(_der(content), strict=True)
    if outer["content_type"].dotted != _SIGNED_DATA:
        raise ValueError("not signed data")
    inner = outer["content"]
    if inner["encap_content_info"]["content"].native is not None:
        raise _refused(f"В файле подписи лежит и сам документ. {_DETACHED}")
    return inner


def _der(content: bytes) -> bytes:
    """The DER behind DER, PEM or bare Base64. Raises ValueError."""
    from asn1crypto import pem

    if content[:1] == bytes([_SEQUENCE]) and not content.isascii():
        return content
    if pem.detect(content):
        return bytes(pem.unarmor(content)[2])
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("neither DER nor Base64") from error


def _signatures(data: "cms.SignedData", document: bytes) -> Iterator[Signature]:
    certificates = [one.chosen for one in data["certificates"] or () if one.name == "certificate"]
    for n, info in enumerate(data["signer_infos"]):
        if n == _MAX_SIGNERS:
            raise ValueError("too many signers")
        certificate = _certificate_of(info["sid"], certificates)
        if certificate is None:
            raise _refused("В файле подписи нет сертификата. Подпишите снова, включив сертификат в подпись.")
        digest_oid = info["digest_algorithm"]["algorithm"].dotted
        attributes = {one["type"].dotted: one["values"] for one in info["signed_attrs"] or ()}
        value = check_value(info, certificate, document)
        yield Signature(
            certificate=_describe(certificate),
            digest_name=digest_words(digest_oid),
            algorithm=signing_words(info["signature_algorithm"]["algorithm"].dotted),
            digest=_compare(digest_oid, attributes, document) if attributes else value,
            value=value,
            claimed_at=_claimed(attributes),
        )


def _certificate_of(sid: Any, certificates: "list[x509.Certificate]") -> "x509.Certificate | None":
    if sid.name == "issuer_and_serial_number":
        wanted, serial = sid.chosen["issuer"], sid.chosen["serial_number"].native
        return next((one for one in certificates if one.serial_number == serial and one.issuer == wanted), None)
    key = sid.chosen.native
    return next((one for one in certificates if one.key_identifier == key), None)


#: Signed attributes (RFC 5652, section 11): the message digest and the signing time.
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_TIME: Final = "1.2.840.113549.1.9.5"


def _compare(digest_oid: str, attributes: dict[str, Any], document: bytes) -> Check:
    """Whether the digest among the signed attributes is the document's."""
    name = DIGESTS.get(digest_oid)
    if name is None:
        return Check.UNSUPPORTED
    told = attributes[_MESSAGE_DIGEST][0].native
    return Check.MATCHES if told == hashlib.new(name, document).digest() else Check.DIFFERS


def _claimed(attributes: dict[str, Any]) -> Any:
    times = attributes.get(_SIGNING_TIME)
    return times[0].native if times else None


def _describe(certificate: "x509.Certificate") -> Certificate:
    subject, issuer = _names(certificate.subject), _names(certificate.issuer)
    person = " ".join(part for part in (subject.get("surname"), subject.get("given_name")) if part)
    return Certificate(
        subject=person or subject.get("common_name") or subject.get("organization_name") or "имя не указано",
        organization=subject.get("organization_name", ""),
        issuer=issuer.get("common_name") or issuer.get("organization_name") or "издатель не указан",
        serial=f"{certificate.serial_number:X}",
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
        is_self_signed=certificate.subject == certificate.issuer,
    )


def _names(name: "x509.Name") -> dict[str, str]:
    """The parts of a distinguished name by asn1crypto's names, the first of each; other numbers are left out."""
    found: dict[str, str] = {}
    for part in (pair for rdn in name.chosen for pair in rdn):
        if isinstance(part["type"].native, str) and isinstance(part["value"].native, str):
            found.setdefault(part["type"].native, " ".join(part["value"].native.split())[:200])
    return found

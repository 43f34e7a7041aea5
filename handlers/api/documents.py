"""One document of a case: its content, its signatures, and adding a signature file made elsewhere."""

from typing import Any

from flask import Response
from marshmallow import fields

from engine.signatures import MAX_SIZE
from handlers.api import shapes, views
from handlers.api.routes import ANY_FILE, Door, Routes
from handlers.api.uploads import Upload, as_asked, read_upload
from handlers.auth import SIGNED_IN
from handlers.downloads import hand_out
from processes.certification import signatures
from processes.certification import use_cases as certification

routes = Routes("Документы")


class SignerShape(shapes.Shape):
    """Whom a signature file names, and what of it was checked here: `matches`, `differs` or `unsupported`.

    Nobody here vouches for the certificate (63-FZ).
    """

    name = shapes.a_text()
    organization = shapes.a_text()
    issuer = shapes.a_text()
    serial = shapes.a_text()
    valid_from = shapes.a_moment()
    valid_until = shapes.a_moment()
    claimed_at = shapes.a_moment(allow_none=True)
    algorithm = shapes.a_text()
    digest_check = shapes.a_text()
    value_check = shapes.a_text()


class SignatureShape(shapes.Shape):
    """A signature of a document: `simple` by signing in, `file` made elsewhere, `demo` without legal force.

    `file` is the document id of the signature file, `problem` why it can no longer be read.
    """

    kind = shapes.a_text()
    by = shapes.a_text()
    on_behalf_of = shapes.maybe_text()
    basis = shapes.a_text()
    office = shapes.a_text()
    at = shapes.a_moment()
    file = shapes.maybe_text()
    signers = fields.List(fields.Nested(SignerShape), required=True)
    problem = shapes.a_text()


@routes.get("/documents/<document_id>", SIGNED_IN, "Содержимое документа", media=ANY_FILE)
def show_document(door: Door, document_id: str) -> Response:
    """Return a document's content as an attachment, where the caller may see its case and open its files."""
    row, content = door.ask(lambda tx: certification.open_document(tx, document_id, door.actor))
    return hand_out(row, content)


@routes.get(
    "/documents/<document_id>/signatures",
    SIGNED_IN,
    "Подписи документа",
    answer=shapes.list_of(SignatureShape)(),
)
def list_signatures(door: Door, document_id: str) -> dict[str, Any]:
    """Return the signatures of a document; a signature file's content is at `/documents/{file}`."""
    paper = door.ask(lambda tx: signatures.get_paper(tx, document_id, door.actor))
    return views.list_view([_signature(one) for one in paper.signatures])


@routes.post(
    "/documents/<document_id>/signatures",
    SIGNED_IN,
    "Приложить файл подписи (.sig), сделанный отдельно",
    status=201,
    keyed=True,
    upload=Upload(),
    answer=shapes.DocumentShape(),
)
def add_signature(door: Door, document_id: str) -> Any:
    """Keep a detached signature with the document that it signs, byte for byte; returns the signature file."""
    form = read_upload(Upload())
    door.body = as_asked(form)
    name, stream = form["file"]
    content = stream.read(MAX_SIZE + 1)
    return door.perform(
        lambda tx: views.document_view(
            signatures.attach_signature(tx, document_id, name=name, content=content, actor=door.actor)
        ),
        name="signature",
    )


def _signature(one: signatures.Signed) -> dict[str, Any]:
    told = one.told
    return {
        "kind": told.kind,
        "by": told.login,
        "on_behalf_of": told.on_behalf_of,
        "basis": told.basis,
        "office": told.office,
        "at": told.at,
        "file": told.file,
        "signers": [
            {
                "name": found.certificate.subject,
                "organization": found.certificate.organization,
                "issuer": found.certificate.issuer,
                "serial": found.certificate.serial,
                "valid_from": found.certificate.valid_from,
                "valid_until": found.certificate.valid_until,
                "claimed_at": found.claimed_at,
                "algorithm": found.algorithm,
                "digest_check": found.digest,
                "value_check": found.value,
            }
            for found in one.found
        ],
        "problem": one.problem,
    }

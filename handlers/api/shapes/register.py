"""The public register, and what anyone may know of a certificate."""

from marshmallow import fields, validate

from handlers.api.shapes.base import Shape, a_day, a_number, a_text, maybe_day
from processes.depository.model import Status


class ValidityShape(Shape):
    """A certificate's number and the days it is valid on, both included."""

    number = a_text()
    valid_from = a_day()
    valid_until = a_day()


class EntryShape(Shape):
    """A published programme."""

    id = a_text()
    title = a_text()
    organization = a_text()
    organization_short = a_text()
    authors = fields.List(fields.String(), required=True)
    direction = a_text()
    level = a_text()
    education_kind = a_text()
    audience = fields.List(fields.String(), required=True)
    hours = a_number()
    year = a_number()
    study_form = a_text()
    issued_document = a_text()
    certificate = fields.Nested(ValidityShape, required=True)
    published_on = a_day()
    url = a_text()


class FoundShape(Shape):
    """A page of entries; `facets` are the values of each filter with how many entries have them."""

    items = fields.List(fields.Nested(EntryShape), required=True)
    total = a_number()
    facets = fields.Dict(required=True)
    page = a_number()
    per_page = a_number()


class DataSetShape(Shape):
    """Every entry found, with the passport of the open data set."""

    passport = fields.Dict(required=True)
    items = fields.List(fields.Nested(EntryShape), required=True)


class CertificateShape(Shape):
    """A certificate; of an unknown one its number and `status` alone. `url` leads to the programme while published."""

    number = a_text()
    status = fields.String(required=True, validate=validate.OneOf([status.value for status in Status]))
    valid_from = fields.String(metadata={"format": "date"})
    valid_until = fields.String(metadata={"format": "date"})
    title = fields.String()
    organization = fields.String()
    revoked_on = maybe_day(required=False)
    sha256 = fields.String(allow_none=True)
    url = fields.String(allow_none=True)

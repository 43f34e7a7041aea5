"""The caller and the caller's token."""

from marshmallow import fields

from handlers.api.shapes.base import Shape, a_moment, a_text


class TokenShape(Shape):
    """A bearer token; `expires_at` is wall time."""

    token = a_text()
    expires_at = a_moment()


class OrganizationShape(Shape):
    """An organisation."""

    full_name = a_text()
    short_name = a_text()
    inn = a_text()


class StandinShape(Shape):
    """A substitution in force for the caller."""

    absent = a_text()
    roles = fields.List(fields.String(), required=True)
    basis = a_text()


class MeShape(Shape):
    """The caller."""

    login = a_text()
    name = a_text()
    roles = fields.List(fields.String(), required=True)
    substitutions = fields.List(fields.Nested(StandinShape), required=True)
    absent = fields.Boolean(required=True)
    organization = fields.Nested(OrganizationShape)

"""The council: experts as the chair sees them, and who acts for whom."""

from marshmallow import fields

from handlers.api.shapes.base import Shape, a_day, a_moment, a_number, a_text, maybe_text


class ConflictShape(Shape):
    """Why an expert is no stranger to the applicant; a `blocking` one forbids the appointment."""

    kind = a_text()
    reason = a_text()
    blocking = fields.Boolean(required=True)


class ExpertShape(Shape):
    """A member as an expert: load, last appointment, conflict; `why_not` says what keeps them from the case asked for.

    `active` are cases under way, `recent` appointments and `declined` refusals of the last year.
    """

    login = a_text()
    name = a_text()
    position = a_text()
    degree = a_text()
    organization = a_text()
    directions = fields.List(fields.String(), required=True)
    role = a_text()
    active = a_number()
    recent = a_number()
    declined = a_number()
    last_appointed_at = a_moment(allow_none=True)
    days_since = fields.Integer(required=True, strict=True, allow_none=True)
    conflict = fields.Nested(ConflictShape, required=True, allow_none=True)
    eligible = fields.Boolean(required=True)
    why_not = maybe_text()
    suggested = fields.Boolean(required=True)


#: A substitution (`from` is no name for an attribute, hence the form).
SubstitutionShape = Shape.from_dict(
    {
        "id": a_text(),
        "absent": a_text(),
        "deputy": a_text(),
        "from": a_day(),
        "until": a_day(),
        "basis": a_text(),
        "entered_by": a_text(),
        "entered_at": a_moment(),
        "revoked_at": a_moment(allow_none=True),
    },
    name="SubstitutionShape",
)

#: One of a list, with whether it is in force now.
ListedSubstitutionShape = SubstitutionShape.from_dict(
    {"in_force": fields.Boolean(required=True)}, name="ListedSubstitutionShape"
)

"""The application as it is sent (contract, section 5).

Every field may still be missing in a draft; none may be unknown or mistyped.
"""

from collections.abc import Mapping
from typing import Any

from typing_extensions import override

from handlers.api.fields import LONG, Body, Choice, Day, Flag, Part, Rows, Text, Whole

_HOURS = {"least": 0, "most": 10_000}


class DayOrIndefinite(Day):
    """A date, or the word `indefinite`."""

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        return "indefinite" if value == "indefinite" else super()._deserialize(value, attr, data, **options)


class Organization(Body):
    """Who applies."""

    full_name = Text(longest=1000)
    short_name = Text()
    inn = Text(longest=12)


class Registered(Body):
    """State registration of the organisation."""

    date = Day()
    place = Text()
    authority = Text()


class LegalAddress(Body):
    """Where the organisation is registered."""

    address = Text()
    phone = Text(longest=100)
    fax = Text(longest=100)


class ActualAddress(LegalAddress):
    """Where the organisation is."""

    email = Text(longest=254)


class License(Body):
    """The licence; `valid_until` is a date or `indefinite`."""

    number = Text(longest=100)
    valid_until = DayOrIndefinite()


class Head(Body):
    """Who heads the organisation."""

    last_name = Text(longest=100)
    first_name = Text(longest=100)
    patronymic = Text(longest=100)


class Author(Body):
    """One author of the programme."""

    name = Text()
    position = Text()
    degree = Text()
    rank = Text()


class Module(Body):
    """One row of the plan; hours of each kind."""

    module = Text(longest=1000)
    lecture_hours = Whole(**_HOURS)
    practice_hours = Whole(**_HOURS)
    self_study_hours = Whole(**_HOURS)
    control_hours = Whole(**_HOURS)
    remote = Flag()


class DepositoryCard(Body):
    """What the public register will tell besides."""

    direction = Text()
    education_kind = Text()
    audience = Rows(Text())
    year = Whole(least=1900, most=2199)
    study_form = Text()
    issued_document = Text()


class Remedy(Body):
    """A remark of the council on the previous case, and how it was met."""

    remark = Text(longest=LONG)
    how_fixed = Text(longest=LONG)


class Application(Body):
    """The whole application."""

    programme_title = Text(longest=1000)
    organization = Part(Organization)
    registered = Part(Registered)
    legal_address = Part(LegalAddress)
    license = Part(License)
    actual_address = Part(ActualAddress)
    head = Part(Head)
    legal_form = Text()
    activities = Text(longest=LONG)
    authors = Rows(Part(Author), most=50)
    practice_bases = Rows(Text(longest=1000), most=100)
    level = Choice("basic", "advanced", "high")
    plan = Rows(Part(Module), most=500)
    depository = Part(DepositoryCard)
    previous_case = Text(longest=80, allow_none=True)
    remedies = Rows(Part(Remedy), most=200)

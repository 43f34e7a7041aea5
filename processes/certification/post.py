"""Who gets a letter of a case: the applicant at the address of the application, a person at the own address."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.calls import Call
from engine.errors import StepFailedError
from processes.certification.letters import Letter
from processes.certification.records import applications
from processes.council.correspondence import words_of
from processes.council.people import day_of, holders
from processes.council.records import people


def application_of(call: Call) -> Mapping[str, Any]:
    """The row of the case's application. Raises StepFailedError for a case that has none."""
    row = applications.of_case(call.connection, call.case_id)
    if row is None:
        raise StepFailedError("У дела нет заявки: оно начато не подачей заявки.", element=call.element)
    return row


def write_applicant(call: Call, letter: Letter) -> str:
    """Write to the applicant's e-mail (annex 1, field 5); the submitter reads it in the account.

    Returns the letter's id.
    """
    row = application_of(call)
    subject, body = words_of(call.connection, letter.kind, letter.values)
    return call.letter(
        letter.kind,
        to=row["data"]["actual_address"]["email"],
        subject=subject,
        body=body,
        login=row["submitted_by"],
        owner=row["owner"],
    )


def write_person(call: Call, login: str, letter: Letter) -> None:
    """Write to a person; one without an address reads the task in the service."""
    person = people.find_person(call.connection, login)
    if person is not None and person.email:
        subject, body = words_of(call.connection, letter.kind, letter.values)
        call.letter(letter.kind, to=person.email, subject=subject, body=body, login=login)


def write_group(call: Call, groups: Iterable[str], letter: Letter) -> None:
    """Write to everybody who holds one of the groups today, stand-ins included, once each."""
    day = day_of(call.now)
    logins = dict.fromkeys(login for group in groups for login in holders(call.connection, group, day))
    for login in logins:
        write_person(call, login, letter)

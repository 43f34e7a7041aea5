"""An application: shape, gaps, rules, files (clause 4.3; annexes 1, 2, 5)."""

import copy
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from processes.certification import use_cases
from processes.certification.application import (
    check_shape,
    find_missing,
    find_violations,
    has_enough_practice,
    hours_of,
    unanswered_remarks,
)
from processes.certification.model import Upload
from processes.certification.uploads import check_upload
from tests.processes.certification.office import APPLICATION, FIRST_INN, PDF, Office

TODAY = date(2026, 1, 12)
FILES = [Upload(kind, kind, f"{kind}.pdf", "") for kind in ("application", "license_copy", "programme")]


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(APPLICATION)
    *way, last = path.split(".")
    spot: Any = data
    for part in way:
        spot = spot[int(part)] if isinstance(spot, list) else spot[part]
    spot[last] = value
    return data


def test_a_complete_application_lacks_nothing() -> None:
    assert check_shape(APPLICATION) == {}
    assert find_missing(APPLICATION, FILES) == []
    assert find_violations(APPLICATION, FIRST_INN, TODAY) == {}


def test_an_empty_draft_names_every_gap_and_file() -> None:
    missing = find_missing({}, [])
    assert {"programme_title", "organization.inn", "actual_address.email", "authors", "plan", "level"} <= set(missing)
    assert {"depository.direction", "license.valid_until", "registered.date", "practice_bases"} <= set(missing)
    assert missing[-3:] == ["files.application", "files.license_copy", "files.programme"]
    assert "head.patronymic" not in missing
    assert "previous_case" not in missing


@pytest.mark.parametrize(
    "path",
    [
        "programme_title",
        "organization.full_name",
        "organization.short_name",
        "registered.authority",
        "legal_address.fax",
        "license.number",
        "actual_address.email",
        "head.first_name",
        "legal_form",
        "activities",
        "authors.0.name",
        "authors.0.position",
        "plan.0.control_hours",
        "depository.issued_document",
    ],
)
@pytest.mark.parametrize("blank", [None, "", "   "])
def test_each_of_the_eleven_fields_counts_as_missing_when_blank(path: str, blank: Any) -> None:
    if path.endswith("_hours") and blank is not None:
        blank = None
    assert find_missing(changed(path, blank), FILES) == [path]


@pytest.mark.parametrize("kind", ["application", "license_copy", "programme"])
def test_each_part_of_the_package_is_mandatory(kind: str) -> None:
    assert find_missing(APPLICATION, [f for f in FILES if f.kind != kind]) == [f"files.{kind}"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("nickname", "x"),
        ("organization.ogrn", "x"),
        ("programme_title", 5),
        ("plan.0.practice_hours", "9"),
        ("plan.0.practice_hours", True),
        ("plan.0.practice_hours", -1),
        ("plan.0.remote", "no"),
        ("depository.year", "2025"),
        ("authors", "Иванов"),
        ("practice_bases", [5]),
        ("level", "low"),
        ("actual_address.email", "office"),
        ("registered.date", "01.03.2004"),
        ("license.valid_until", "never"),
        ("organization", "УЦ"),
    ],
)
def test_unknown_keys_and_wrong_types_are_named_and_nothing_is_converted(path: str, value: Any) -> None:
    assert list(check_shape(changed(path, value))) == [path if path != "practice_bases" else "practice_bases.0"]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("organization.inn", "2399000033", "organization.inn"),
        ("plan.0.practice_hours", 8, "plan"),
        ("license.valid_until", "2026-01-11", "license.valid_until"),
        ("registered.date", "2026-01-13", "registered.date"),
        ("depository.year", 2027, "depository.year"),
    ],
)
def test_what_stands_in_the_application_keeps_the_rules(path: str, value: Any, field: str) -> None:
    assert list(find_violations(changed(path, value), FIRST_INN, TODAY)) == [field]


def test_a_year_is_asked_for_as_a_year_and_hours_as_a_number() -> None:
    assert "год четырьмя цифрами" in check_shape(changed("depository.year", "2025"))["depository.year"][0]
    assert "целое число" in check_shape(changed("plan.0.practice_hours", -1))["plan.0.practice_hours"][0]


def test_exactly_a_quarter_of_practice_passes() -> None:
    assert hours_of(APPLICATION) == (9, 36)
    assert has_enough_practice(9, 36)
    assert not has_enough_practice(9, 37)


def test_a_programme_shorter_than_sixteen_hours_is_not_further_training() -> None:
    data = changed("plan.0.lecture_hours", 0)
    data["plan"][0] |= {"self_study_hours": 3}
    assert hours_of(data)[1] == 15
    assert list(find_violations(data, FIRST_INN, TODAY)) == ["plan"]


@given(st.integers(0, 4_000), st.integers(0, 4_000))
def test_the_quarter_is_counted_in_integers(practice: int, other: int) -> None:
    assert has_enough_practice(practice, practice + other) == (3 * practice >= other)


def test_a_remark_is_answered_by_saying_how_it_was_fixed() -> None:
    data = {
        "remedies": [
            {"remark": " добавьте  ПРАКТИКУ ", "how_fixed": "добавлена"},
            {"remark": "Список", "how_fixed": ""},
        ]
    }
    assert unanswered_remarks(["Добавьте практику", "Список"], data) == ["Список"]


def archive(*names: str, mimetype: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        if mimetype:
            made.writestr("mimetype", mimetype)
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PNG", b"\x89PNG\r\n\x1a\n123"),
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml")),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("a.odt", archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")),
    ],
)
def test_files_that_are_what_they_say_are_taken(name: str, content: bytes) -> None:
    media_type, wrong = check_upload("programme", name, content)
    assert wrong == {}
    assert media_type


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("licence", "a.pdf", PDF),
        ("programme", "a.exe", PDF),
        ("programme", "noname", PDF),
        ("programme", "a.pdf", b""),
        ("programme", "a.pdf", b"MZ\x90"),
        ("programme", "a.png", PDF),
        ("programme", "a.docx", PDF),
        ("programme", "a.docx", archive("[Content_Types].xml", "xl/workbook.xml")),
        ("programme", "a.odt", archive("content.xml", mimetype="application/zip")),
        ("programme", "../a.pdf", PDF),
        ("programme", "a\n.pdf", PDF),
    ],
)
def test_files_that_are_something_else_are_not(kind: str, name: str, content: bytes) -> None:
    assert check_upload(kind, name, content)[1]


def test_submitting_an_incomplete_draft_names_every_gap(office: Office) -> None:
    draft = office.draft(files=("application",), programme_title="")
    shown = office.read(lambda tx: use_cases.get_application(tx, draft, office.actor("applicant1")))
    assert shown["missing"] == ["programme_title", "files.license_copy", "files.programme"]
    with pytest.raises(InvalidError) as refused:
        office.act("applicant1", lambda tx, actor: use_cases.submit(tx, draft, actor=actor))
    assert set(refused.value.errors) == {"programme_title", "files.license_copy", "files.programme"}


def test_a_draft_is_its_organisations_own_and_a_submitted_one_does_not_change(office: Office) -> None:
    draft = office.draft(files=("application", "license_copy", "programme"))
    file = office.read(lambda tx: use_cases.get_application(tx, draft, office.actor("applicant1")))["files"][0]["id"]
    for login in ("applicant2", "secretary"):
        with pytest.raises(NotFoundError):
            office.act(login, lambda tx, actor: use_cases.get_application(tx, draft, actor))
    with pytest.raises(ForbiddenError):
        office.act("secretary", lambda tx, actor: use_cases.create_application(tx, {}, actor=actor))
    office.act("applicant1", lambda tx, actor: use_cases.submit(tx, draft, actor=actor))
    acts: list[Any] = [
        lambda tx, actor: use_cases.submit(tx, draft, actor=actor),
        lambda tx, actor: use_cases.update_application(tx, draft, {}, actor=actor),
        lambda tx, actor: use_cases.delete_application(tx, draft, actor=actor),
        lambda tx, actor: use_cases.delete_file(tx, draft, file, actor=actor),
    ]
    for act in acts:
        with pytest.raises(ConflictError) as refused:
            office.act("applicant1", act)
        assert refused.value.slug_ == "already_submitted"


def test_a_draft_and_its_files_can_be_deleted(office: Office) -> None:
    draft = office.draft(files=("application", "other"))
    files = office.read(lambda tx: use_cases.get_application(tx, draft, office.actor("applicant1")))["files"]
    office.act("applicant1", lambda tx, actor: use_cases.delete_file(tx, draft, files[1]["id"], actor=actor))
    office.act("applicant1", lambda tx, actor: use_cases.delete_application(tx, draft, actor=actor))
    page = office.read(lambda tx: use_cases.list_applications(tx, office.actor("applicant1")))
    assert page.items == []


def test_another_organisations_inn_or_case_is_refused(office: Office) -> None:
    other = {**APPLICATION["organization"], "inn": "2399000033"}
    with pytest.raises(InvalidError) as refused:
        office.draft(organization=other)
    assert set(refused.value.errors) == {"organization.inn"}
    running = office.submit()
    for login, previous in (("applicant1", running), ("applicant2", running), ("applicant1", "nothing")):
        with pytest.raises(InvalidError) as refused:
            office.draft(login, previous_case=previous)
        assert set(refused.value.errors) == {"previous_case"}


def test_numbers_of_submissions_and_registrations_run_without_gaps(office: Office) -> None:
    cases = [office.submit() for _ in range(3)]
    assert [office.case(case)["number"] for case in cases] == ["Вх-2026-0001", "Вх-2026-0002", "Вх-2026-0003"]
    with pytest.raises(InvalidError):
        office.complete(cases[1], "register_application", "secretary", {"accepted": True, "copies": 1})
    for case in (cases[2], cases[0]):
        office.register(case)
    assert [office.case(case)["number"] for case in cases] == ["КЭС-2026-0002", "Вх-2026-0002", "КЭС-2026-0001"]

"""What the technical review would find, seen before submission (clause 4.5; annexes 1-3)."""

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from processes.certification import use_cases
from processes.certification.manuscripts import DAMAGED, Manuscript
from processes.certification.precheck import Checked, Handed, Subject, check_before_submission
from processes.certification.uploads import inspect_upload
from tests.processes.certification.office import APPLICATION, FIRST_INN, Office
from tests.processes.certification.papers import pdf, programme_docx

TODAY = date(2026, 1, 12)


def programme(*left_out: str) -> Handed:
    found = inspect_upload("programme", "p.docx", programme_docx(*left_out))
    return Handed("3", "programme", "p.docx", "c" * 64, found.manuscript)


FILES = (
    Handed("1", "application", "a.pdf", "a" * 64),
    Handed("2", "license_copy", "l.pdf", "b" * 64),
    programme(),
)
WHOLE = Subject(APPLICATION, FILES, TODAY, FIRST_INN, "Учебный центр")


def checked(**changes: Any) -> Checked:
    return check_before_submission(replace(WHOLE, **changes))


def with_data(path: str, value: Any) -> Checked:
    data = copy.deepcopy(APPLICATION)
    *way, last = path.split(".")
    spot: Any = data
    for part in way:
        spot = spot[int(part)] if isinstance(spot, list) else spot[part]
    spot[last] = value
    return checked(data=data)


def rows(found: Checked, weight: str) -> set[str]:
    return {one.row for one in (found.certain if weight == "certain" else found.doubts)}


def test_a_whole_application_with_a_whole_programme_has_no_remark() -> None:
    found = checked()
    assert found.remarks == ()
    told = {row: state for row, _, state in found.rows()}
    assert told["K5"] == told["T09"] == told["T32"] == "fine"
    assert told["T21"] == told["T27"] == "unseen"


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        ("license.valid_until", "2025-12-31", "K1"),
        ("license.number", "", "K1"),
        ("head.last_name", "", "K3"),
        ("organization.inn", "2399000033", "K3"),
        ("registered.date", "2026-02-01", "K3"),
        ("plan.0.practice_hours", 8, "K5"),
        ("plan.0.lecture_hours", None, "K5"),
        ("depository.year", 2027, "T06"),
        ("authors.0.position", "", "T05"),
    ],
)
def test_what_cannot_pass_names_its_row_field_and_remedy(path: str, value: Any, row: str) -> None:
    found = with_data(path, value)
    assert row in rows(found, "certain")
    one = next(each for each in found.certain if each.row == row)
    assert one.path.split(".")[0] == path.split(".", maxsplit=1)[0]
    assert one.text
    assert one.remedy


def test_exactly_a_quarter_of_practice_passes() -> None:
    assert "K5" not in rows(with_data("plan.0.practice_hours", 9), "certain")
    assert "K5" in rows(with_data("plan.0.self_study_hours", 13), "certain")


def test_a_programme_of_fewer_than_sixteen_hours_fails_by_its_length() -> None:
    short = {
        **APPLICATION["plan"][0],
        "lecture_hours": 4,
        "practice_hours": 8,
        "self_study_hours": 2,
        "control_hours": 1,
    }
    assert "T17" in rows(with_data("plan", [short]), "certain")


def test_missing_files_are_named_by_their_rows() -> None:
    assert {"K2", "K3", "K4"} <= rows(checked(files=()), "certain")


@pytest.mark.parametrize(
    ("path", "value", "row"),
    [
        ("license.valid_until", "2026-03-01", "K1"),
        ("authors.0.name", "Сочинялова А. И.", "T05"),
        ("organization.full_name", "Другой центр", "K3"),
        ("legal_address.phone", "12-34", "K3"),
        ("programme_title", "Совсем другое название", "T03"),
        ("depository.year", 2024, "T06"),
        ("depository.study_form", "заочная", "T18"),
        ("plan.0.module", "Модуль не из программы", "T25"),
        ("plan.0.remote", True, "T24"),
        ("plan.0.control_hours", 0, "T29"),
    ],
)
def test_what_a_person_must_look_at_is_a_doubt(path: str, value: Any, row: str) -> None:
    found = with_data(path, value)
    assert row in rows(found, "doubt")
    assert found.certain == ()


@pytest.mark.parametrize(
    ("word", "row"),
    [
        ("Согласовано", "T02"),
        ("внешний", "T08"),
        ("Актуальность", "T09"),
        ("Режим занятий", "T19"),
        ("литературы", "T32"),
    ],
)
def test_a_section_not_found_in_the_programme_is_a_doubt(word: str, row: str) -> None:
    assert rows(checked(files=(*FILES[:2], programme(word))), "doubt") == {row}


def test_a_scan_without_words_and_a_damaged_file_are_told() -> None:
    scan = Handed("3", "programme", "p.pdf", "c" * 64, Manuscript(pages=40))
    found = checked(files=(*FILES[:2], scan))
    assert rows(found, "doubt") == {"T28"}
    assert {state for row, _, state in found.rows() if row == "T09"} == {"unseen"}
    broken = Handed("2", "license_copy", "l.pdf", "b" * 64, Manuscript(problem=DAMAGED))
    assert rows(checked(files=(FILES[0], broken, FILES[2])), "certain") == {"K2"}


def test_files_of_a_wrong_kind_and_the_same_file_twice_are_doubts() -> None:
    word = Handed("2", "license_copy", "l.docx", "b" * 64)
    assert rows(checked(files=(FILES[0], word, FILES[2])), "doubt") == {"K2"}
    twice = Handed("2", "license_copy", "l.pdf", "a" * 64)
    assert rows(checked(files=(FILES[0], twice, FILES[2])), "doubt") == {"K3"}


def test_unanswered_remarks_forbid_submission_only_where_the_council_says_so() -> None:
    assert rows(checked(unanswered=["Добавьте практику"]), "doubt") == {"K3"}
    assert rows(checked(unanswered=["Добавьте практику"], must_answer=True), "certain") == {"K3"}


def test_the_check_of_a_draft_reads_its_files_and_its_organisation(office: Office) -> None:
    draft = office.draft()
    for kind in ("application", "license_copy", "programme"):
        office.attach(draft, kind, pdf())
    found = office.read(lambda tx: use_cases.precheck_of(tx, draft, office.actor("applicant1")))
    assert found.certain == ()
    assert {"T02", "T09", "T32"} <= rows(found, "doubt")
    assert "T03" not in rows(found, "doubt")

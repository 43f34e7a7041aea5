"""Each term stands in its drawing once, with its clause, and the engine can read whom to tell."""

import pytest
from lxml import etree

from engine.drawing import Drawing, read_drawing
from tests.bpmn.drawings import BUNDLES, path_of

REVIEW = "working_days(3) if seat['returned'] else working_days(10)"
CERTIFICATION = {
    "register_application": ("working_days(1)", "A-09", "false"),
    "technical_review": ("working_days(3)", "4.5", "true"),
    "appoint_experts": ("working_days(2)", "4.6", "true"),
    "expert_review": (REVIEW, "4.6", "true"),
    "replace_expert": ("working_days(1)", "A-13", "false"),
    "approve_conclusions": ("working_days(3)", "A-28", "false"),
    "await_council_decision": ("working_days(20)", "A-36", "false"),
    "sign_certificate": ("working_days(3)", "A-37", "false"),
    "publish_to_depository": ("working_days(3, signed_on)", "4.13", "true"),
    "confirm_removal": ("working_days(1)", "A-42", "false"),
    "send_refusal": ("working_days(3)", "A-37", "false"),
}
MEETING = {
    "approve_agenda": "working_days(3)",
    "reschedule": "working_days(3)",
    "sign_protocol_secretary": "working_days(3)",
    "register_attendance": "working_days(1)",
    "record_votes": "working_days(1)",
    "sign_protocol_chair": "working_days(1)",
    "register_order": "working_days(10)",
}


def read(bundle: str) -> Drawing:
    return read_drawing(etree.parse(path_of(bundle)).getroot())


def terms(drawing: Drawing) -> dict[str, tuple[str | None, str | None, str | None]]:
    found = {host: drawing.deadline_of(host) for host in drawing.boundary}
    return {
        host: (event.detail, event.properties.get("clause"), event.properties.get("normative"))
        for host, event in found.items()
        if event
    }


def test_the_terms_of_a_certification() -> None:
    assert terms(read("certification")) == CERTIFICATION


def test_the_terms_of_a_meeting_are_all_internal() -> None:
    found = terms(read("council_meeting"))
    assert {host: rule for host, (rule, _, _) in found.items()} == MEETING
    assert {normative for _, _, normative in found.values()} == {"false"}


@pytest.mark.parametrize("bundle", BUNDLES)
def test_every_user_task_has_a_deadline_and_a_reminder_and_the_chairs_own_go_further(bundle: str) -> None:
    drawing = read(bundle)
    for task in (e for e in drawing.elements.values() if e.is_user_task):
        due, soon = drawing.elements[f"{task.id}_due"], drawing.elements[f"{task.id}_soon"]
        assert not due.interrupting
        assert not soon.interrupting
        assert (soon.detail or "").startswith("before_due(")
        assert due.properties["escalate"] == ("chair,deputy,secretary" if task.candidates == ("chair",) else "chair")


def test_withdrawal_is_possible_wherever_a_case_stands_before_the_decision() -> None:
    drawing = read("certification")
    hosts = {e.attached_to for e in drawing.elements.values() if e.detail == "withdrawal" and e.interrupting}
    assert hosts == {
        "register_application", "technical_review", "appoint_experts", "content_review", "approve_conclusions",
        "await_council_decision",
    }  # fmt: skip


def test_the_ends_of_a_certification_are_the_contracts() -> None:
    drawing = read("certification")
    ends = {e.id for e in drawing.within("certification") if e.kind == "endEvent"}
    aside = {end for end in ends if end.endswith(("_overdue", "_reminded"))}
    assert ends - aside == {"not_accepted", "not_considered", "withdrawn", "refused", "expired", "revoked"}

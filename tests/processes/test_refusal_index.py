"""Every row of the requirements that names a violation, and the tests that show the service refuse it."""

import ast
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LIFE, APPLICATION, RULES, REGISTRATION, APPOINTMENT, CONCLUSIONS, ACCESS, OUTCOMES = (
    f"certification/test_{name}.py"
    for name in (
        "life",
        "application",
        "rules",
        "registration",
        "appointment",
        "conclusions",
        "access",
        "outcomes",
    )
)
COUNCIL, PEOPLE, JOURNALS = (f"council/test_{name}.py" for name in ("rules", "people", "journals"))
IN_PERSON, ABSENTEE, MEETING_RULES, PROTOCOL = (
    f"council_meeting/test_{name}.py" for name in ("meeting_in_person", "absentee_meeting", "rules", "protocol")
)
DEPOSITORY, STORAGE, HALF_YEARS = (
    "depository/test_depository.py",
    "retention/test_storage.py",
    "meeting_watch/test_half_years.py",
)

#: Row of part 1 -> (file, test) pairs.
INDEX: dict[str, list[tuple[str, str]]] = {
    "G-1": [(OUTCOMES, "test_decisions_and_orders_come_from_a_meeting_and_not_from_people")],
    "G-2": [(PEOPLE, "test_approved_documents_and_acts_have_versions_and_days")],
    "G-3": [(OUTCOMES, "test_an_entry_with_a_blank_field_is_not_published")],
    "G-4": [(APPOINTMENT, "test_a_declared_relation_forbids_and_a_past_employment_is_only_shown")],
    "G-5": [(CONCLUSIONS, "test_no_conclusion_is_filed_on_a_form_that_the_council_has_not_approved")],
    "G-6": [(PEOPLE, "test_readings_change_by_protocol_and_running_cases_keep_theirs")],
    "G-7": [(APPOINTMENT, "test_an_expert_who_does_not_meet_the_requirements_is_not_appointed")],
    "G-8": [(OUTCOMES, "test_a_third_decision_and_an_order_of_tomorrow_are_refused")],
    "G-10": [(OUTCOMES, "test_a_refusal_without_recommendations_is_not_sent")],
    "G-11": [(CONCLUSIONS, "test_one_version_of_the_form_serves_all_three_experts")],
    "C-1": [(PEOPLE, "test_a_composition_rests_on_an_order_and_is_not_back_dated")],
    "C-2": [(COUNCIL, "test_a_composition_is_one_chair_one_deputy_one_secretary_and_not_back_dated")],
    "C-3": [(COUNCIL, "test_a_composition_is_one_chair_one_deputy_one_secretary_and_not_back_dated")],
    "C-4": [(PEOPLE, "test_a_deputy_acts_within_a_substitution_and_the_absent_chair_does_not")],
    "C-7": [(IN_PERSON, "test_only_secretary_and_chair_call_a_meeting")],
    "C-8": [
        (REGISTRATION, "test_only_the_secretary_registers_and_only_the_chair_appoints"),
        (APPOINTMENT, "test_exactly_three_different_members_are_appointed"),
    ],
    "C-9": [(MEETING_RULES, "test_the_chair_presides_or_a_present_stand_in")],
    "C-12": [(CONCLUSIONS, "test_nobody_approves_the_own_conclusion")],
    "C-13": [
        (OUTCOMES, "test_a_certificate_is_signed_by_the_chair_or_whoever_acts_for_the_chair"),
        (OUTCOMES, "test_there_is_no_certificate_before_the_order"),
    ],
    "S-2": [(APPLICATION, "test_each_part_of_the_package_is_mandatory")],
    "S-3": [
        (REGISTRATION, "test_registration_cannot_be_back_dated"),
        (APPLICATION, "test_numbers_of_submissions_and_registrations_run_without_gaps"),
    ],
    "S-6": [(APPOINTMENT, "test_exactly_three_different_members_are_appointed")],
    "S-7": [(JOURNALS, "test_acts_at_once_never_share_a_number")],
    "S-9": [(STORAGE, "test_nothing_happens_to_a_closed_case_until_its_term_is_over")],
    "S-10": [
        (PEOPLE, "test_a_substitution_without_a_basis_is_refused"),
        (IN_PERSON, "test_one_person_does_not_sign_a_protocol_twice"),
    ],
    "M-4": [(ACCESS, "test_an_expert_opens_the_files_after_declaring_to_be_free_of_conflict")],
    "O-2": [(OUTCOMES, "test_a_third_decision_and_an_order_of_tomorrow_are_refused")],
    "O-3": [(HALF_YEARS, "test_a_half_year_without_a_quorate_meeting_is_warned_of_and_recorded")],
    "O-4": [(ABSENTEE, "test_nobody_votes_before_the_ballots_open_nor_twice")],
    "O-5": [
        (IN_PERSON, "test_sixteen_of_24_are_no_quorum_and_seventeen_are"),
        (COUNCIL, "test_more_than_two_thirds_make_a_quorum"),
    ],
    "O-8": [(CONCLUSIONS, "test_no_conclusion_is_filed_on_a_form_that_the_council_has_not_approved")],
    "O-10": [(RULES, "test_three_conclusions_of_three_experts_are_approved_and_nothing_else")],
    "O-14": [
        (IN_PERSON, "test_members_vote_themselves_once_while_the_item_is_open"),
        (IN_PERSON, "test_a_missing_vote_a_vote_of_an_outsider_and_of_a_recused_are_named"),
    ],
    "O-15": [(IN_PERSON, "test_a_granted_case_gets_its_decision_after_both_signatures_and_its_order_after_that")],
    "P-1": [(APPLICATION, "test_what_stands_in_the_application_keeps_the_rules")],
    "P-3": [(APPLICATION, "test_each_of_the_eleven_fields_counts_as_missing_when_blank")],
    "P-4": [(RULES, "test_each_row_alone_fails_the_technical_review")],
    "P-5": [(REGISTRATION, "test_registration_needs_three_copies_or_a_reason")],
    "P-6": [(REGISTRATION, "test_only_the_secretary_registers_and_only_the_chair_appoints")],
    "P-7": [(REGISTRATION, "test_every_row_of_the_technical_review_is_marked_and_every_failed_one_explained")],
    "P-8": [(RULES, "test_each_row_alone_fails_the_technical_review")],
    "P-9": [(LIFE, "test_failed_rows_reach_the_applicant_by_mail")],
    "P-10": [(APPOINTMENT, "test_exactly_three_different_members_are_appointed")],
    "P-11": [(CONCLUSIONS, "test_an_expert_files_only_the_own_conclusion_and_only_once")],
    "P-12": [(ACCESS, "test_a_conclusion_is_its_experts_own_until_all_three_are_in")],
    "P-13": [(OUTCOMES, "test_no_decision_reaches_a_case_that_does_not_wait_for_it")],
    "P-14": [(PROTOCOL, "test_a_protocol_names_votes_count_and_the_decision_word_for_word")],
    "P-15": [(STORAGE, "test_the_term_runs_three_years_from_the_january_after_the_end")],
    "P-16": [
        (LIFE, "test_an_order_that_leaves_the_case_out_sends_it_back_to_an_agenda"),
        (OUTCOMES, "test_there_is_no_certificate_before_the_order"),
    ],
    "P-17": [(RULES, "test_a_certificate_is_in_force_for_three_years_to_the_day")],
    "P-18": [(LIFE, "test_a_certified_programme_stands_in_the_depository_for_three_years_and_then_leaves_it")],
    "P-20": [(DEPOSITORY, "test_an_entry_names_its_blank_fields")],
    "P-21": [(DEPOSITORY, "test_every_filter_finds_what_it_names")],
    "P-22": [(DEPOSITORY, "test_an_entry_past_its_term_or_removed_is_not_shown")],
    "P-23": [(OUTCOMES, "test_a_refusal_without_recommendations_is_not_sent")],
    "P-24": [(LIFE, "test_an_application_after_a_refusal_is_warned_of_unanswered_remarks_and_the_same_file")],
}


@cache
def find_tests(file: str) -> frozenset[str]:
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("row", INDEX)
def test_every_row_that_names_a_violation_has_its_tests(row: str) -> None:
    assert INDEX[row]
    for file, name in INDEX[row]:
        assert name in find_tests(file), f"{row}: {file} has no {name}"

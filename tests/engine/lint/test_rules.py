"""Every rule with a drawing that keeps it and drawings that break it."""

import pytest

from engine import lint
from engine.definitions import compile_bundle, read_bundle
from engine.lint import RULES, Parts, Severity
from engine.lint.rules.namespaces import TAKEN, TAKEN_ENDINGS
from tests.engine.house import TOY
from tests.engine.lint.examples import CHAIN, DIAGRAM, Case, plain
from tests.engine.lint.flow_examples import FLOWS
from tests.engine.lint.pen import end, start, text_of, user
from tests.engine.lint.people_examples import PEOPLE
from tests.engine.lint.wording_examples import WORDING

CASES = [*FLOWS, *WORDING, *PEOPLE]
NAMES = {rule.name: rule for rule in RULES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_drawing_that_keeps_the_rule_passes(case: Case) -> None:
    assert NAMES[case.rule](case.good) == []


@pytest.mark.parametrize(
    ("rule", "element", "parts"),
    [pytest.param(c.rule, e, p, id=f"{c.rule}-{n}") for c in CASES for n, (e, p) in enumerate(c.bad)],
)
def test_a_drawing_that_breaks_the_rule_is_told_where_and_what_to_do(rule: str, element: str, parts: Parts) -> None:
    found = NAMES[rule](parts)
    assert element in {finding.element for finding in found}
    for finding in found:
        assert finding.rule == rule
        assert finding.message.endswith(".")


def test_every_rule_has_an_example() -> None:
    assert {case.rule for case in CASES} == set(NAMES)


def test_a_process_named_unlike_its_folder_is_found() -> None:
    parts = plain()
    renamed = Parts(key="other", drawing=parts.drawing, root=parts.root)
    assert [f.element for f in NAMES["process_key"](renamed)] == ["toy"]


def test_the_names_that_are_taken_are_those_that_the_machine_makes() -> None:
    definition = compile_bundle(read_bundle(TOY))
    specifications = definition.specification.process, *definition.specification.subprocesses.values()
    made = {name for each in specifications for name in each.task_specs} - definition.drawing.elements.keys()
    endings = [name[name.rindex(".") :] for name in made if "." in name]
    assert {name for name in made if "." not in name} == set(TAKEN)
    assert set(endings) == set(TAKEN_ENDINGS)


def test_errors_come_first_and_decide() -> None:
    found = lint.check(plain(user("b", "wizard"), beside=DIAGRAM))
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, key=[Severity.ERROR, Severity.WARNING, Severity.INFO].index)
    assert not lint.is_sound(found)
    assert lint.is_sound(lint.check(plain(beside=DIAGRAM)))


def test_a_clean_text_gives_the_same_parts() -> None:
    assert lint.inspect_xml(text_of(start(), user("a"), end(), CHAIN)) == []

"""What a case is found by: the words of its title and number, and its applicant's names."""

from engine.calls import Call
from engine.facts import Fact
from engine.records.words import add_words
from engine.registry import Registry
from processes.council.records import people


def index_start(call: Call, _fact: Fact) -> None:
    """Let a case that begins be found."""
    case = call.case
    texts = [str(case["number"] or ""), str(case["title"] or "")]
    owner = str(case["owner"] or "")
    organization = people.find_organization(call.connection, owner.removeprefix("org:")) if owner else None
    if organization is not None:
        texts += [organization.full_name, organization.short_name, organization.inn]
    add_words(call.tx.writes, call.case_id, texts, is_new=True)


def index_number(call: Call, _fact: Fact) -> None:
    """Let a case be found by the number that it has been given."""
    add_words(call.tx.writes, call.case_id, [str(call.case["number"])])


def register(registry: Registry) -> None:
    """Index every case as it begins; a procedure that numbers cases later observes its own fact."""
    registry.observer("case.started")(index_start)

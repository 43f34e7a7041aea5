"""What is administered outside of cases: the journal's guard, roles in time, letters' words, on each database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.actors import Actor
from engine.errors import ConflictError, ForbiddenError, InvalidError
from engine.runtime import Transaction
from processes import registry
from processes.council import correspondence, expert_base, personnel
from processes.council import use_cases as council
from processes.council.letter_texts import CATALOGUE, check_text, fill
from processes.council.model import ExpertEntry, Organization, Period, Person
from processes.council.people import actor_of, bases_of, holders
from processes.council.records import changes, experts, people

TODAY = date(2026, 1, 12)

# The procedures' packages declare their letters when they are registered.
registry()


def actor(tx: Transaction, login: str, on: datetime | None = None) -> Actor:
    found = actor_of(tx.connection, login, on or tx.now)
    assert found is not None
    return found


def test_the_database_itself_keeps_the_journal(tx: Transaction) -> None:
    personnel.add_person(tx, Person("anna", "Черновая", "Анна"), actor=actor(tx, "admin"))
    rows = changes.page(tx.connection)
    assert [(row["kind"], row["subject"], row["actor"]) for row in rows] == [("person.added", "anna", "admin")]
    for statement in ("UPDATE administrative_change SET actor = 'nobody'", "DELETE FROM administrative_change"):
        with pytest.raises(sa.exc.DBAPIError), tx.connection.begin_nested():
            tx.connection.execute(sa.text(statement))
    assert changes.page(tx.connection) == rows


def test_personal_data_never_enters_the_journal(tx: Transaction) -> None:
    person = personnel.find_person(tx, "member01")
    personnel.change_person(
        tx, replace(person, last_name="Иная", email="other@demo.example.org"), actor=actor(tx, "admin")
    )
    line = changes.page(tx.connection)[0]
    assert line["data"] == {"fields": ["email", "last_name"]}


def test_a_role_holds_on_its_days_alone(tx: Transaction) -> None:
    period = Period(date(2026, 2, 1), date(2026, 2, 28))
    assert personnel.set_roles(tx, "member01", {"auditor": period}, actor=actor(tx, "admin"))
    for day, held in ((31, False), (32, True), (59, True), (60, False)):
        on = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=day - 1)
        assert ("auditor" in actor(tx, "member01", on).groups) is held, on
        assert ("member01" in holders(tx.connection, "auditor", on.date())) is held
    assert not personnel.set_roles(tx, "member01", {"auditor": period}, actor=actor(tx, "admin"))


def test_rights_are_given_by_another_and_an_administrator_remains(tx: Transaction) -> None:
    admin = actor(tx, "admin")
    with pytest.raises(ForbiddenError, match="Свои роли"):
        personnel.set_roles(tx, "admin", {"admin": Period(), "auditor": Period()}, actor=admin)
    for login in ("analyst1", "chair", "secretary", "auditor"):
        with pytest.raises(ForbiddenError):
            personnel.set_roles(tx, "member02", {"admin": Period()}, actor=actor(tx, login))
    with pytest.raises(InvalidError) as refused:
        personnel.set_roles(tx, "analyst1", {"admin": Period(), "analyst": Period()}, actor=admin)
    assert "roles" in refused.value.errors
    personnel.set_roles(tx, "member02", {"admin": Period(None, date(2026, 12, 31))}, actor=admin)
    with pytest.raises(ConflictError, match="последний администратор"):
        personnel.set_roles(tx, "admin", {}, actor=actor(tx, "member02"))


def test_an_organisation_is_known_by_a_right_inn(tx: Transaction) -> None:
    admin = actor(tx, "admin")
    with pytest.raises(InvalidError) as refused:
        personnel.save_organization(tx, Organization("2399000018", "Школа", "", "1"), actor=admin)
    assert set(refused.value.errors) == {"inn", "short_name", "parent"}
    personnel.save_organization(tx, Organization("7707083893", "Школа (вымышленная)", "Школа"), actor=admin)
    assert people.find_organization(tx.connection, "7707083893") is not None


def test_an_excluded_expert_comes_back_only_by_a_protocol(tx: Transaction) -> None:
    secretary = actor(tx, "secretary")
    expert_base.exclude_expert(tx, "member03", "по заявлению", actor=secretary)
    person = personnel.find_person(tx, "member03")
    assert not person.meets_requirements
    expert_base.save_expert(tx, replace(person, meets_requirements=True), ExpertEntry("member03"), actor=secretary)
    assert not personnel.find_person(tx, "member03").meets_requirements
    with pytest.raises(InvalidError):
        expert_base.include_expert(tx, "member03", " ", actor=secretary)
    expert_base.include_expert(tx, "member03", "№ 4 от 12.01.2026", actor=secretary)
    entry = experts.find_entry(tx.connection, "member03")
    assert entry == ExpertEntry("member03", None, TODAY, "№ 4 от 12.01.2026")
    assert personnel.find_person(tx, "member03").meets_requirements
    with pytest.raises(ForbiddenError):
        expert_base.exclude_expert(tx, "member04", "так", actor=actor(tx, "chair"))


def test_new_letters_take_the_words_in_force(tx: Transaction) -> None:
    admin = actor(tx, "admin")
    values = {"number": "КЭС-2026-0001", "title": "{due} и {number}", "task": "Проверить", "due": "13.01.2026"}
    shipped = correspondence.words_of(tx.connection, "task_reminder", values)
    assert shipped[0] == "Скоро срок: КЭС-2026-0001"
    assert "{due} и {number}" in shipped[1]
    correspondence.word_letter(tx, "task_reminder", "Дело {number}", "Срок {due}: {task}.", actor=admin)
    assert correspondence.words_of(tx.connection, "task_reminder", values) == (
        "Дело КЭС-2026-0001",
        "Срок 13.01.2026: Проверить.\n",
    )
    correspondence.restore_letter(tx, "task_reminder", actor=admin)
    assert correspondence.words_of(tx.connection, "task_reminder", values) == shipped
    for login in ("secretary", "chair", "analyst1"):
        with pytest.raises(ForbiddenError):
            correspondence.word_letter(tx, "task_reminder", "Тема", "Текст", actor=actor(tx, login))


@pytest.mark.parametrize(
    "text",
    [
        "{0}",
        "{number.__class__}",
        "{number!r}",
        "{number:>10}",
        "{{ number }}",
        "{% if 1 %}",
        "{unknown}",
        "{NUMBER}",
        "}",
    ],
)
def test_a_text_runs_nothing_and_names_only_its_variables(text: str) -> None:
    kind = CATALOGUE["task_reminder"]
    assert set(check_text(kind, "Тема", f"Текст {text}")) == {"body"}
    assert fill(text, {}) == text


def test_an_act_for_another_names_its_document_also_when_revoked_since(tx: Transaction) -> None:
    chair = actor(tx, "chair")
    made = council.add_substitution(
        tx,
        absent="secretary",
        deputy="member05",
        since=TODAY,
        until=date(2026, 1, 20),
        basis="поручение № 3 от 12.01.2026",
        actor=chair,
    )
    act = ("member05", "secretary", tx.now)
    tx.now += timedelta(hours=1)
    council.revoke_substitution(tx, made["id"], actor=chair)
    later = ("member05", "secretary", tx.now + timedelta(hours=1))
    assert bases_of(tx.connection, [act, later]) == {act: "поручение № 3 от 12.01.2026"}

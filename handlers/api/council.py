"""The council: who acts for whom, and whom the chair may appoint."""

from datetime import date
from typing import Any

from engine.runtime import Transaction
from handlers.acts import Outside
from handlers.api import shapes, views
from handlers.api.fields import Body, Day, Text
from handlers.api.routes import Door, Routes
from handlers.auth import SIGNED_IN, Permission
from processes.certification import use_cases as certification
from processes.council import use_cases as council
from processes.council.administration import Matter

routes = Routes("Совет")

STAFF = Permission("council", frozenset({"secretary", "chair", "deputy", "member", "ministry", "auditor", "admin"}))


class ExpertQuery(Body):
    """Experts for which case."""

    case = Text(load_default=None)


#: Who acts for whom, from day to day, and on what document (`from` is no name for an attribute, hence the form).
Substitution = Body.from_dict(
    {
        "absent": Text(required=True, longest=80),
        "deputy": Text(required=True, longest=80),
        "from": Day(required=True),
        "until": Day(required=True),
        "basis": Text(required=True),
    },
    name="Substitution",
)


@routes.get(
    "/experts",
    SIGNED_IN,
    "Эксперты: нагрузка, конфликты, можно ли назначить",
    query=ExpertQuery(),
    answer=shapes.list_of(shapes.ExpertShape)(),
    others={404: None},
)
def list_experts(door: Door) -> dict[str, Any]:
    """Return the pool as the chair sees it before an appointment."""
    return door.ask(lambda tx: views.list_view(certification.expert_pool_of(tx, door.query["case"], actor=door.actor)))


@routes.get("/substitutions", STAFF, "Замещения", answer=shapes.list_of(shapes.ListedSubstitutionShape)())
def list_substitutions(door: Door) -> dict[str, Any]:
    """Return every substitution, with whether it is in force now."""
    return door.read(lambda tx: views.list_view(council.list_substitutions(tx)))


@routes.post(
    "/substitutions",
    SIGNED_IN,
    "Внести замещение",
    body=Substitution(),
    status=201,
    keyed=True,
    answer=shapes.SubstitutionShape(),
)
def add_substitution(door: Door) -> Any:
    """Enter a substitution (chair or administrator)."""
    asked = door.body

    def act(tx: Transaction) -> dict[str, Any]:
        return council.add_substitution(
            tx,
            absent=asked["absent"],
            deputy=asked["deputy"],
            since=date.fromisoformat(asked["from"]),
            until=date.fromisoformat(asked["until"]),
            basis=asked["basis"],
            actor=door.actor,
        )

    return door.perform(Outside(act, Matter.SUBSTITUTION, asked["absent"]), name="substitution.added")


@routes.post(
    "/substitutions/<substitution_id>/revoke",
    SIGNED_IN,
    "Отозвать замещение",
    keyed=True,
    answer=shapes.SubstitutionShape(),
)
def revoke_substitution(door: Door, substitution_id: str) -> Any:
    """End a substitution before its last day; what was done under it stays."""

    def act(tx: Transaction) -> dict[str, Any]:
        return council.revoke_substitution(tx, substitution_id, actor=door.actor)

    return door.perform(Outside(act, Matter.SUBSTITUTION, substitution_id), name="substitution.revoked")

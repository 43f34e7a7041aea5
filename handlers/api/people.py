"""Signing in for programs, and who one is."""

from typing import Any

from flask import request

from handlers.accounts import grant_token, sign_in
from handlers.api import shapes
from handlers.api.fields import Body, Text
from handlers.api.routes import Door, Routes
from handlers.auth import PUBLIC, SIGNED_IN

routes = Routes("Учётные записи")


class SignIn(Body):
    """A login and its password."""

    login = Text(required=True, longest=80)
    password = Text(required=True, longest=256)


@routes.post(
    "/tokens",
    PUBLIC,
    "Получить токен по логину и паролю",
    body=SignIn(),
    status=201,
    answer=shapes.TokenShape(),
    others={429: None},
)
def create_token(door: Door) -> dict[str, Any]:
    """Return a bearer token; `expires_at` is wall time."""
    login = sign_in(door.context, door.body["login"], door.body["password"], request.remote_addr or "")
    token, expires_at = grant_token(door.context, login)
    return {"token": token, "expires_at": expires_at}


@routes.get("/me", SIGNED_IN, "Кто я: роли и замещения, которые действуют сейчас", answer=shapes.MeShape())
def show_me(door: Door) -> dict[str, Any]:
    """Return the caller; `organization` for an applicant or a member."""
    actor = door.actor
    told: dict[str, Any] = {
        "login": actor.login,
        "name": actor.name,
        "roles": sorted(actor.groups),
        "substitutions": [
            {"absent": standin.absent, "roles": sorted(standin.groups), "basis": standin.basis}
            for standin in actor.standins
        ],
        "absent": actor.absent,
    }
    if organization := actor.details.get("organization"):
        told["organization"] = organization
    return told

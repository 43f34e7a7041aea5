"""Administration: people, council, experts, readings, calendar, letters' texts, open data, journals."""

from flask import Flask

from handlers.context import Context
from handlers.pages.admin import (
    access,
    council,
    experts,
    front,
    incidents,
    journals,
    passport,
    people,
    readings,
    relations,
    texts,
    years,
)


class _Matters:
    """The pages of all matters of administration, told to the application as those of one."""

    def register(self, app: Flask, context: Context) -> None:
        """Open the doors."""
        for matter in (
            front,
            people,
            access,
            council,
            experts,
            relations,
            readings,
            years,
            texts,
            passport,
            journals,
            incidents,
        ):
            matter.pages.register(app, context)


pages = _Matters()

"""The pages for people: server-made, complete without JavaScript, acting through the same use cases as the API."""

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.context import Context
from handlers.errors import Problem
from handlers.pages import (
    application_files,
    application_status,
    application_steps,
    application_submission,
    applications,
    calendar_feed,
    cases,
    certificates,
    clock,
    crawlers,
    depository,
    depository_files,
    documents,
    entrance,
    handbook,
    inbox,
    inbox_acts,
    inbox_views,
    keys,
    letters,
    meetings,
    open_data,
    substitutions,
    tasks,
)
from handlers.pages.dates import install_dates
from handlers.pages.desk import bare_frame
from handlers.pages.words import install_words

_UNAUTHORIZED = 401


def register_pages(app: Flask, context: Context) -> None:
    """Add every page to the application."""
    install_words(app)
    install_dates(app)
    app.jinja_env.globals["shortcuts"] = keys.SHORTCUTS
    matters = (
        entrance, inbox, inbox_acts, inbox_views, calendar_feed, keys, tasks, applications,
        application_status, application_files, application_submission, application_steps, cases, meetings, depository, depository_files, certificates, open_data,
        crawlers, documents, letters, substitutions, clock, handbook,
    )  # fmt: skip
    for matter in matters:
        matter.pages.register(app, context)


def problem_page(problem: Problem) -> Response | tuple[str, int]:
    """Return the page for a refusal: what is wrong and what to do; somebody not signed in is asked to sign in."""
    if problem.status == _UNAUTHORIZED:
        return redirect(url_for("show_login", next=request.full_path.rstrip("?")), code=303)
    return render_template("problem.html", problem=problem, **bare_frame()), problem.status

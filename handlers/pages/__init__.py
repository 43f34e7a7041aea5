"""The pages for people: server-made, complete without JavaScript, acting through the same use cases as the API."""

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from handlers.context import Context
from handlers.errors import Problem
from handlers.pages import (
    admin,
    application_files,
    application_status,
    application_steps,
    application_submission,
    applications,
    calendar_feed,
    cases,
    certificates,
    clock,
    comments,
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
    meeting_agenda,
    meeting_papers,
    meeting_room,
    meeting_watch,
    meetings,
    open_data,
    proof,
    revocation,
    settings,
    substitutions,
    tasks,
)
from handlers.pages.dates import install_dates
from handlers.pages.desk import bare_frame
from handlers.pages.kept import answer_unsigned
from handlers.pages.words import install_words

_UNAUTHORIZED = 401


def register_pages(app: Flask, context: Context) -> None:
    """Add every page to the application."""
    install_words(app)
    install_dates(app)
    app.jinja_env.globals["shortcuts"] = keys.SHORTCUTS
    matters = (
        entrance, comments, inbox, inbox_acts, inbox_views, calendar_feed, keys, tasks, applications,
        application_status, application_files, application_submission, application_steps, cases, proof, revocation,
        meetings, meeting_watch, meeting_room, meeting_agenda, meeting_papers, depository, depository_files,
        certificates, open_data, crawlers, documents, settings, letters, substitutions, admin, clock, handbook,
    )  # fmt: skip
    for matter in matters:
        matter.pages.register(app, context)


def problem_page(context: Context, problem: Problem) -> Response | tuple[str, int]:
    """Return the page for a refusal: what is wrong and what to do; somebody not signed in is asked to sign in."""
    kept = answer_unsigned(context, problem)
    if kept is not None:
        return kept
    if problem.status == _UNAUTHORIZED:
        return redirect(url_for("show_login", next=request.full_path.rstrip("?")), code=303)
    return render_template("problem.html", problem=problem, **bare_frame()), problem.status

"""An application with its checks, limits, headers and figures, and no view yet."""

from flask import Flask

from handlers.application import Application
from handlers.assets import install_assets
from handlers.auth import install_auth
from handlers.context import Context
from handlers.probes import install_figures
from handlers.security import install_security


def make_shell(context: Context) -> Flask:
    """Return the application that pages and API are put into; requests are counted first and judged before any view."""
    app = Application("handlers", static_folder="static", static_url_path="/static", template_folder="templates")
    app.secret_key = context.settings.secret_key
    install_figures(app, context.figures)
    install_security(app, context.settings)
    install_assets(app)
    install_auth(app, context)
    return app

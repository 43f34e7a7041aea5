"""Who carries letters out: a mail server where one is configured, else nobody, and letters are kept and shown."""

from engine.outbox import Postman
from handlers.settings import Settings
from webhooks.mail import SmtpPostman


def make_postman(settings: Settings) -> Postman | None:
    """Return the postman of the settings."""
    return SmtpPostman(settings.smtp_url) if settings.smtp_url else None

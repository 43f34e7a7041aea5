"""Who carries letters out: a mail server where one is configured, else nobody, and letters are kept and shown."""

from urllib.parse import urlsplit

from engine.outbox import Postman
from handlers.settings import Settings
from webhooks.mail import SmtpPostman


def make_postman(settings: Settings) -> Postman | None:
    """Return the postman of the settings; letters come from the service's own domain where it has one."""
    if settings.smtp_url is None:
        return None
    host = (urlsplit(settings.base_url).hostname or "").encode("idna").decode()
    is_domain = "." in host and not host.replace(".", "").isdigit()
    return SmtpPostman(settings.smtp_url, sender=f"kes@{host}" if is_domain else None)

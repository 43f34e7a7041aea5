"""The composition root without the web: settings become a running house."""

from engine.actors import Actor
from engine.database import Database
from engine.files import FileStore
from engine.runtime import Runtime, Transaction
from handlers.context import Context, FindActor
from handlers.demo_signing import DemoSigner
from handlers.settings import PRIVATE, Settings
from processes import registry
from processes.council.people import actor_of
from processes.council.records.people import all_persons


def make_runtime(settings: Settings) -> Runtime:
    """Return the engine on the settings' database, with every procedure registered. The schema is `kes migrate`'s."""
    settings.data_dir.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    return Runtime(
        database=Database(settings.database_url),
        registry=registry(),
        mode=settings.clock_mode,
        files=FileStore(settings.data_dir / "files"),
        clock_start=settings.clock_start,
        base_url=settings.base_url.rstrip("/"),
    )


def make_context(settings: Settings, runtime: Runtime | None = None, find_actor: FindActor | None = None) -> Context:
    """Return what the doors are given; a test may bring its own runtime and people."""
    signer = DemoSigner() if settings.demo else None
    return Context(runtime or make_runtime(settings), settings, find_actor or find_person, signer=signer)


def find_person(tx: Transaction, login: str) -> Actor | None:
    """Return who a login is at the transaction's business time, by the council's records."""
    return actor_of(tx.connection, login, tx.now)


def known_logins(tx: Transaction) -> list[str]:
    """Return everybody's login by the council's records, in order."""
    return [person.login for person in all_persons(tx.connection)]

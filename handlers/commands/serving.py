"""`kes serve` and `kes work`: the processes that run all day."""

import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import click
import structlog
import waitress

from engine.digest import Digests
from engine.scheduler import Ticker
from engine.sweeps import Sweeps
from handlers.app import create_app
from handlers.causes import reason
from handlers.commands.answering import answer, speak
from handlers.commands.common import fail, house
from handlers.composition import known_logins
from handlers.context import Context
from handlers.postman import make_postman
from handlers.security import UPLOAD_LIMIT
from handlers.settings import DEFAULT_BASE_URL, Settings
from processes.council.notices import word_digest

log = structlog.get_logger(__name__)

THREADS = 8


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Адрес, на котором слушать.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Порт.")
@click.option("--no-ticker", is_flag=True, help="Не тикать: сроки, письма и веб-хуки оставить kes work.")
def serve(host: str, port: int, *, no_ticker: bool) -> None:
    """Веб-страницы и API; на SQLite ещё и сроки, письма, веб-хуки."""
    context = house()
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    app = create_app(_at(context.settings, shown, port), context.runtime)
    ticker = make_ticker(context) if context.settings.is_sqlite and not no_ticker else None
    proxy = context.settings.trusted_proxy
    options = (
        {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}} if proxy else {}
    )
    sockets: dict[int, Any] = {}
    try:
        server = waitress.create_server(
            app,
            map=sockets,
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            max_request_body_size=UPLOAD_LIMIT,
            clear_untrusted_proxy_headers=True,
            **options,
        )
    except ValueError:
        fail(f"Нет такого адреса: {host}. Укажите в --host имя или IP-адрес этой машины.")
    except OSError as error:
        fail(f"Адрес {shown}:{port} недоступен: {reason(error)}. Укажите другой в --host или --port.")
    speak(sockets)
    stopped = _end_on_signal()
    if ticker:
        ticker.start()
    click.echo(f"http://{shown}:{port}")
    try:
        answer(sockets, stopped)
        log.info("serve.stopping")
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        if ticker:
            ticker.stop()
        context.runtime.database.close()


@click.command()
def work() -> None:
    """Работник: сроки, письма, веб-хуки; на PostgreSQL их может быть сколько угодно."""
    context = house()
    ticker = make_ticker(context)
    stopped = _end_on_signal()
    ticker.start()
    log.info("work.started")
    stopped.wait()
    ticker.stop()
    context.runtime.database.close()


def make_ticker(context: Context) -> Ticker:
    """Return the ticks of this process, not yet running."""
    rounds: dict[str, Callable[[], object]] = {
        "digest": Digests(context.runtime, known_logins, context.find_actor, word_digest),
        "sweep": Sweeps(context.runtime),
    }
    return Ticker(context.runtime, make_postman(context.settings), context.settings.tick_every, rounds)


def _at(settings: Settings, host: str, port: int) -> Settings:
    """Return the settings with the address that is served, where none was given."""
    if settings.base_url != DEFAULT_BASE_URL:
        return settings
    names = (*settings.trusted_hosts, host.strip("[]"))
    return replace(settings, base_url=f"http://{host}:{port}", trusted_hosts=names)


def _end_on_signal() -> threading.Event:
    """Return what SIGTERM and Ctrl-C set; a second one ends the process at once."""
    stopped = threading.Event()

    def end(number: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            sys.exit(128 + number)
        stopped.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stopped

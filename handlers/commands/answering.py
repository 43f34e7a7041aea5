"""The loop of the web server, which leaves nobody unanswered when it ends."""

import threading
import time
from typing import Any, Final

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

#: Seconds between two looks whether the end was asked for, and after it whether all is answered.
_LOOK: Final = 1
_LAST_LOOK: Final = 0.05
#: Seconds after which the end waits for no answer any more.
_GRACE: Final = 10


def answer(sockets: dict[int, Any], stopped: threading.Event) -> None:
    """Answer what comes in at the sockets of a server (its map) until `stopped`, then only what has begun to come."""
    while not stopped.is_set():
        wasyncore.loop(timeout=_LOOK, map=sockets, count=1)
    for server in [each for each in sockets.values() if isinstance(each, BaseWSGIServer)]:
        wasyncore.dispatcher.close(server)  # it listens no more; its trigger still wakes this loop
    end = time.monotonic() + _GRACE
    while any(map(_is_owed, sockets.values())) and time.monotonic() < end:
        wasyncore.loop(timeout=_LAST_LOOK, map=sockets, count=1)


def _is_owed(channel: Any) -> bool:
    """Whether a request has begun to come, is at work, or its answer is on its way."""
    if not isinstance(channel, HTTPChannel):
        return False
    return bool(channel.request is not None or channel.requests or channel.total_outbufs_len)

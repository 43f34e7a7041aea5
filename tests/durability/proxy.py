"""A go-between on a Unix socket that cuts connections at the worst moment: before COMMIT goes on, or after it went.

A statement that is a transaction of its own counts as a COMMIT.
"""

import contextlib
import re
import socket
import threading
from pathlib import Path

SOCKET = ".s.PGSQL.5432"
_CHUNK = 1 << 16
#: A statement prepared that commits by itself, and the use of a prepared one.
_ALONE = re.compile(rb"(kes_\d+)\0WITH lead AS")
_USED = re.compile(rb"\0(kes_\d+)\0")


class _Reply:
    """What becomes of the server's next answer: passed on, or kept back once it came."""

    def __init__(self) -> None:
        self.is_kept = False
        self.came = threading.Event()


class CuttingProxy:
    """Listens in `folder` for clients of the server whose socket lies in `server`; cuts every `every`-th COMMIT.

    Cuts take turns: the first is made before the COMMIT reaches the server, the next after the server has answered it
    and before the client hears of it.
    """

    def __init__(self, folder: Path, server: Path, every: int) -> None:
        self._server, self._every = server / SOCKET, every
        self._guard = threading.Lock()
        self._commits = self.cuts = 0
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen(64)
        self._spawn(self._accept)

    def close(self) -> None:
        """Cut whoever is left and end."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(30)
        self._listener.close()

    def _spawn(self, work: object, *rest: object) -> None:
        thread = threading.Thread(target=work, args=rest, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            self._spawn(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        self._open |= {client, server}
        reply = _Reply()
        alone: set[bytes] = set()
        back: threading.Thread | None = None
        try:
            server.connect(str(self._server))
            back = threading.Thread(target=_pass_on, args=(server, client, reply), daemon=True)
            back.start()
            while data := client.recv(_CHUNK):
                cut = self._cut_of(data, alone)
                if cut == "before":
                    break
                if cut == "after":
                    reply.is_kept = True
                    server.sendall(data)
                    reply.came.wait(10)
                    break
                server.sendall(data)
        except OSError:
            pass
        finally:
            for each in (client, server):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            if back is not None:
                back.join(30)
            client.close()
            server.close()
            self._open -= {client, server}

    def _cut_of(self, data: bytes, alone: set[bytes]) -> str | None:
        """What to do with what a client sends; `alone` are its statements that commit, as they were prepared."""
        commits = b"COMMIT" in data or not alone.isdisjoint(_USED.findall(data))
        alone.update(_ALONE.findall(data))
        if not commits:
            return None
        with self._guard:
            self._commits += 1
            if self._commits % self._every:
                return None
            self.cuts += 1
            return "before" if self.cuts % 2 else "after"


def _pass_on(server: socket.socket, client: socket.socket, reply: _Reply) -> None:
    """Carry the server's answers to the client, until one is to be kept back."""
    with contextlib.suppress(OSError):
        while data := server.recv(_CHUNK):
            if reply.is_kept:
                break
            client.sendall(data)
    reply.came.set()
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)

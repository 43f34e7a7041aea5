"""`python -m bench.calling PORT TOKEN`: a client of the served API in a process of its own, as a browser is.

Reads orders as JSON lines {"path", "body"}, posts each over one connection, answers {"seconds", "failures"}: the time
from the request's first byte to the answer's last, and the body of any answer but 200. Requests are spelled out before
that time and taken apart after it, for a client library's own work is no part of what a step costs here.
"""

import socket
import sys
from time import perf_counter
from typing import Any, Final

import orjson

_HEAD: Final = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
    "Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n"
)
_LENGTH: Final = b"\r\ncontent-length:"


def main(port: str, token: str) -> None:
    """Obey orders until the input ends. Raises ConnectionError where the server hangs up."""
    with socket.create_connection(("127.0.0.1", int(port))) as client:
        for line in sys.stdin.buffer:
            order = orjson.loads(line)
            body = orjson.dumps(order["body"])
            head = _HEAD.format(path=order["path"], port=port, token=token, size=len(body))
            sys.stdout.buffer.write(orjson.dumps(post(client, head.encode("ascii") + body)) + b"\n")
            sys.stdout.buffer.flush()


def post(client: socket.socket, request: bytes) -> dict[str, Any]:
    """Send a request, wait for the whole answer."""
    answer, whole = b"", None
    began = perf_counter()
    client.sendall(request)
    while whole is None or len(answer) < whole:
        part = client.recv(65_536)
        if not part:
            raise ConnectionError
        answer += part
        if whole is None:
            whole = _size(answer)
    seconds = perf_counter() - began
    head, _, body = answer.partition(b"\r\n\r\n")
    return {"seconds": seconds, "failures": [] if head.split(b" ", 2)[1] == b"200" else [body.decode()]}


def _size(begun: bytes) -> int | None:
    """Bytes of a whole answer, head and body; None while its head is not whole."""
    head, end, _ = begun.partition(b"\r\n\r\n")
    if not end:
        return None
    length = head.lower().partition(_LENGTH)[2].partition(b"\r\n")[0]
    return len(head) + len(end) + int(length)


if __name__ == "__main__":
    main(*sys.argv[1:3])

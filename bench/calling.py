"""`python -m bench.calling PORT TOKEN`: a client of the served API in a process of its own, as a browser is.

Reads orders as JSON lines {"path", "body"}, posts each over one connection, answers {"seconds", "status", "body"}: the
time from the request's first byte to the answer's last.
"""

import http.client
import sys
from time import perf_counter

import orjson


def main(port: str, token: str) -> None:
    """Obey orders until the input ends."""
    client = http.client.HTTPConnection("127.0.0.1", int(port))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for line in sys.stdin.buffer:
        order = orjson.loads(line)
        sent = orjson.dumps(order["body"])
        began = perf_counter()
        client.request("POST", order["path"], sent, headers)
        answer = client.getresponse()
        body = answer.read()
        told = {"seconds": perf_counter() - began, "status": answer.status, "body": body.decode()}
        sys.stdout.buffer.write(orjson.dumps(told) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])

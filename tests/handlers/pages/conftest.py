"""A real browser, and the demo served to it."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

from tests.browser import ARGUMENTS, chromium
from tests.crawl import PATIENCE
from tests.handlers.demo_house import DemoHouse


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def base(demo: DemoHouse) -> Iterator[str]:
    # Nothing of the kind changes during a test: asking for each style again took two thirds of the server's time.
    demo.app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    server = make_server("127.0.0.1", 0, demo.app, threaded=True)
    # It looks that often (seconds) whether it is to end.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()

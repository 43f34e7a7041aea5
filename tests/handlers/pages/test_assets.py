"""Static files are kept by their mark, and asked for again without it."""

import re
from pathlib import Path

from handlers.assets import Marks
from tests.handlers.demo_house import DemoHouse


def test_a_page_names_its_files_by_marks_and_only_those_are_kept(demo: DemoHouse) -> None:
    web = demo.app.test_client()
    page = web.get("/login").get_data(as_text=True)
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert len(named) > 5
    for address in named:
        with web.get(address) as answer:
            assert answer.status_code == 200, address
            kept = answer.headers["Cache-Control"]
        if "?v=" in address:
            assert kept == "public, max-age=31536000, immutable", address
            for other in (address.split("?", maxsplit=1)[0], f"{address}0", address.replace("?v=", "?v=0")):
                with web.get(other) as answer:
                    assert answer.headers["Cache-Control"] == "no-cache", other
    assert any("icons.svg?v=" in address for address in named)
    assert any("kes.css?v=" in address for address in named)


def test_a_changed_file_has_another_mark_and_none_outside_has_one(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    file = tmp_path / "site" / "look.css"
    file.write_text("a {}", encoding="utf-8")
    marks = Marks(tmp_path / "site")
    before = marks.of("look.css")
    assert before is not None
    assert marks.of("look.css") == before
    file.write_text("b {}", encoding="utf-8")
    assert marks.of("look.css") != before
    assert marks.of("../secret") is None
    assert marks.of("none.css") is None

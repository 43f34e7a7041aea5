"""A drawing that an analyst has changed reaches production by commands; cases already running keep theirs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.composition import make_context
from tests.demonstration import open_app, settings_of
from tests.handlers import analyst
from tests.handlers.demo_house import TECHNICAL, DemoHouse
from tests.handlers.test_cli import Kes

BASIS = "приказ № 12 от 10.01.2026"


@pytest.fixture(scope="module")
def changed(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder where `analyst2` has released a changed certification, and what the command told."""
    place = tmp_path_factory.mktemp("changed")
    shutil.copytree(filled, place / "data")
    copy = analyst.copy_of(place / "my procedure")
    analyst.lengthen_appointment(copy)
    analyst.add_return_of_documents(copy)
    analyst.allow_withdrawal(copy)
    return place, Kes(place / "data").run("release", str(copy), "--by", "analyst2", "--basis", BASIS)


@pytest.fixture
def served(changed: tuple[Path, str], tmp_path: Path) -> Iterator[DemoHouse]:
    """The service on a copy of that folder."""
    shutil.copytree(changed[0] / "data", tmp_path / "served")
    context = make_context(settings_of(tmp_path / "served"))
    yield DemoHouse(open_app(context), context)
    context.runtime.database.close()


def test_the_release_is_checked_and_stored_with_its_basis(changed: tuple[Path, str], served: DemoHouse) -> None:
    assert "certification: версия 2" in changed[1]
    newest, oldest = served.get("secretary", "/definitions/certification/versions")["items"]
    assert (newest["version"], newest["released_by"], newest["basis"]) == (2, "analyst2", BASIS)
    assert oldest["version"] == 1
    xml = served.ask("secretary", "GET", "/definitions/certification/versions/2/xml").text
    assert 'id="return_documents"' in xml
    assert 'id="return_documents"' not in served.ask("auditor", "GET", "/definitions/certification/versions/1/xml").text


def test_a_new_case_runs_on_the_changed_drawing(served: DemoHouse) -> None:
    case = served.submit()
    assert case["version"] == 2
    refused = {"accepted": False, "reason": "нет подписи"}
    opened = served.complete("secretary", case["id"], "register_application", refused)["opened"]
    assert [task["element"] for task in opened] == ["return_documents"]
    assert served.get("secretary", f"/tasks/{opened[0]['id']}")["form"]["id"] == "return_documents"
    done = served.complete("secretary", case["id"], "return_documents", {"returned_on": "2026-01-12"})
    assert (done["case"]["end"], done["case"]["data"]["returned_on"]) == ("not_accepted", "2026-01-12")
    assert served.get("secretary", f"/cases/{case['id']}/verify")["ok"]


def test_the_changed_term_counts_for_new_cases_and_running_ones_keep_theirs(served: DemoHouse) -> None:
    running = served.get("secretary", "/tasks?scope=all&element=technical_review")["items"][0]["case"]["id"]
    fresh = served.submit()["id"]
    served.complete("secretary", fresh, "register_application", {"accepted": True, "copies": 3})
    days = {}
    for case in (running, fresh):
        opened = served.complete("secretary", case, "technical_review", TECHNICAL)["opened"]
        days[served.get("secretary", f"/cases/{case}")["version"]] = opened[0]["due"]["working_days"]
        assert served.get("secretary", f"/cases/{case}/verify")["ok"]
    assert days == {1: 2, 2: 3}


def test_a_copy_with_a_fault_is_refused_with_the_element_named(filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "data")
    kes = Kes(tmp_path / "data")
    copy = analyst.copy_of(tmp_path / "copy")
    analyst.add_return_of_documents(copy)
    for told in (
        kes.run("check", str(copy), code=1),
        kes.run("release", str(copy), "--by", "analyst1", "--basis", BASIS, code=1),
    ):
        assert "return_documents: На «Вернуть документы» нет прерывающего сообщения «withdrawal»" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--by", "secretary", "--basis", BASIS), "аналитик или администратор; secretary"),
        (("--by", "nobody", "--basis", BASIS), "Нет пользователя nobody"),
    ],
)
def test_only_analysts_and_admins_release(filled: Path, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    shutil.copytree(filled, tmp_path / "data")
    assert told in Kes(tmp_path / "data").run("release", str(analyst.CERTIFICATION), *words, code=1)

import errno
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from engine.errors import ConflictError, UnavailableError
from handlers.cli import LazyGroup, main
from handlers.commands.common import explain
from handlers.logs import install_logs

ROOT = Path(__file__).resolve().parents[2]


class Kes:
    """The command as people call it, on a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {
            "PATH": os.environ["PATH"],  # noqa: TID251 - a child process needs it
            "PYTHONPATH": str(ROOT),
            "KES_DATA_DIR": str(folder),
            "KES_DEMO": "1",
            "KES_CLOCK": "virtual",
        }

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "handlers.cli", *words]

    def run(self, *words: str, code: int = 0) -> str:
        """Carry out a command in this process, where everything is imported already; returns what it said."""
        ending = signal.getsignal(signal.SIGTERM)
        try:
            done = CliRunner().invoke(main, words, env=self.environ)
        finally:
            signal.signal(signal.SIGTERM, ending)
            install_logs()  # where this test looks again
        assert done.exit_code == code, done.output
        return done.output

    def at(self, folder: Path) -> "Kes":
        return Kes(folder)


@pytest.fixture
def kes(filled: Path, tmp_path: Path) -> Kes:
    shutil.copytree(filled, tmp_path / "kes")
    return Kes(tmp_path / "kes")


def test_help_names_every_command() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "handlers.cli", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for word in ("serve", "work", "migrate", "demo", "check", "verify", "user", "token", "calendar", "export"):
        assert word in told


def test_an_empty_folder_is_told_to_be_migrated_and_a_second_demo_changes_nothing(kes: Kes, tmp_path: Path) -> None:
    new = kes.at(tmp_path / "new")
    assert "kes migrate" in new.run("verify", code=2)
    assert not (new.folder / "kes.sqlite").exists()  # still fit for a restore
    kes.run("migrate")
    assert "не пуста" in kes.run("demo")
    assert "Расхождений нет" in kes.run("verify")


def test_settings_that_cannot_be_used_end_with_2(tmp_path: Path) -> None:
    kes = Kes(tmp_path)
    kes.environ["KES_CLOCK"] = "sundial"
    assert "KES_CLOCK" in kes.run("migrate", code=2)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UnavailableError("База данных занята."), 2, "занята"),
        (ConflictError("Уже сделано."), 1, "Уже сделано"),
        (PermissionError(errno.EACCES, "denied", "/kes"), 2, "нет права на это (/kes)"),
        (ValueError("a bug"), 2, "из-за сбоя программы"),
    ],
)
def test_whatever_ends_a_command_has_its_code_and_a_clear_line(
    error: Exception, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        explain(error)
    assert ended.value.code == code
    assert words in capsys.readouterr().err


def test_a_command_that_is_broken_off_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise KeyboardInterrupt

    group = LazyGroup(callback=work, invoke_without_command=True)
    with pytest.raises(SystemExit) as ended:
        group.invoke(click.Context(group))
    assert ended.value.code == 130
    assert "Прервано" in capsys.readouterr().err


def test_verify_names_the_case_the_event_and_the_table(kes: Kes) -> None:
    with closing(sqlite3.connect(kes.folder / "kes.sqlite")) as connection:
        case, number = connection.execute("SELECT id, number FROM case_file WHERE process = 'certification'").fetchone()
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        (last,) = connection.execute('SELECT min(seq) FROM history WHERE "case" = ?', (case,)).fetchone()
        connection.execute('UPDATE history SET actor = ? WHERE "case" = ? AND seq = ?', ("somebody", case, last))
        connection.commit()
    told = kes.run("verify", number, code=1)
    assert number in told
    assert f"№ {last}" in told
    assert "history" in told
    assert number in kes.run("verify", code=1)
    kes.run("verify", "nothing", code=2)


def test_a_user_comes_and_goes(kes: Kes) -> None:
    kes.run("user", "add", "novice", "--name", "Новичкова Анна Ильинична", "--role", "auditor", "--password", "a" * 12)
    assert "Новичкова" in kes.run("user", "list")
    kes.run("user", "password", "novice", "--password", "b" * 12)
    kes.run("user", "disable", "novice")
    assert "закрыта" in kes.run("user", "list")
    assert "--name" in kes.run("user", "add", "stranger", "--password", "a" * 12, code=2)
    kes.run("user", "disable", "stranger", code=1)
    assert "последний администратор" in kes.run("user", "disable", "admin", code=1)
    assert "--role" in kes.run("user", "add", "chair", "--role", "admin", "--password", "a" * 12, code=1)


def test_a_token_stands_on_the_last_line(kes: Kes) -> None:
    assert len(kes.run("token", "office", "--scope", "messages").strip().splitlines()[-1]) >= 32
    kes.run("token", "office", "--scope", "everything", code=1)


def test_export_writes_the_drawings_byte_for_byte(kes: Kes, tmp_path: Path) -> None:
    kes.run("export", str(tmp_path / "out"))
    for name in ("certification", "council_meeting", "meeting_watch", "retention"):
        for file in (tmp_path / "out" / name).rglob("*"):
            if file.is_file():
                assert (
                    file.read_bytes() == (ROOT / "bpmn" / name / file.relative_to(tmp_path / "out" / name)).read_bytes()
                )
        assert (tmp_path / "out" / name / "procedure.bpmn").is_file()


def test_a_year_is_shown_in_the_form_in_which_it_is_loaded(kes: Kes, tmp_path: Path) -> None:
    year = json.loads(kes.run("calendar", "show", "2026"))
    for day in year["days"]:
        if day["date"] == "2026-01-13":
            day["working"] = False
    (tmp_path / "year.json").write_text(json.dumps(year))
    assert "Сдвинется сроков: " in kes.run("calendar", "load", str(tmp_path / "year.json"))
    assert "Сдвинуто сроков: " in kes.run("calendar", "load", str(tmp_path / "year.json"), "--apply")
    assert "Расхождений нет" in kes.run("verify")
    (tmp_path / "year.json").write_text("{}")
    kes.run("calendar", "load", str(tmp_path / "year.json"), code=1)


def test_a_backup_restores_into_an_empty_folder_only(kes: Kes, tmp_path: Path) -> None:
    archive = tmp_path / "kes.tar"
    kes.run("backup", str(archive))
    told = kes.at(tmp_path / "again").run("restore", str(archive))
    assert "Восстановлено и проверено" in told
    assert "Задержано писем" in told
    assert "@" in kes.at(tmp_path / "again").run("letters", "held")
    assert "Будет отправлено" in kes.at(tmp_path / "again").run("letters", "release")
    assert kes.at(tmp_path / "again").run("letters", "held") == ""
    kes.at(tmp_path / "again").run("restore", str(archive), code=2)
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)
    kes.at(tmp_path / "third").run("restore", str(archive), code=1)
    (tmp_path / "third" / ".restore").mkdir()  # as one that was killed leaves it
    assert "kes restore" in kes.at(tmp_path / "third").run("migrate", code=2)
    assert not (tmp_path / "third" / "kes.sqlite").exists()


def test_serve_answers_and_ends_when_it_is_told_to(kes: Kes, unused_port: int) -> None:
    with subprocess.Popen(
        kes.command("serve", "--port", str(unused_port)), env=kes.environ, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == f"http://127.0.0.1:{unused_port}"
        with urllib.request.urlopen(f"http://127.0.0.1:{unused_port}/readyz", timeout=10) as answer:
            assert json.load(answer)["status"] == "ready"
        with urllib.request.urlopen(f"http://127.0.0.1:{unused_port}/login", timeout=10) as answer:
            assert answer.status == 200
        for path, told in (("/api/v1/tokens", b'"type":"too_large"'), ("/login", "Запрос слишком велик".encode())):
            with socket.create_connection(("127.0.0.1", unused_port), timeout=20) as asking:
                asking.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000000\r\n\r\n".encode())
                with asking.makefile("rb") as answer:
                    said = answer.read()
            assert said.startswith(b"HTTP/1.1 413 ")
            assert told in said
        with socket.create_connection(("127.0.0.1", unused_port), timeout=20) as asking:
            asking.sendall(b"POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{")
            with urllib.request.urlopen(f"http://127.0.0.1:{unused_port}/healthz", timeout=10):
                pass  # what came before it has been read
            process.send_signal(signal.SIGTERM)
            _wait_until_refused(unused_port)
            asking.sendall(b"}")
            assert asking.recv(100).startswith(b"HTTP/1.1 4")
        assert process.wait(timeout=20) == 0


def _wait_until_refused(port: int) -> None:
    with suppress(ConnectionError):
        while True:
            socket.create_connection(("127.0.0.1", port), timeout=20).close()


def test_a_worker_ends_when_it_is_told_to(kes: Kes) -> None:
    with subprocess.Popen(kes.command("work"), env=kes.environ, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "work.started" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0

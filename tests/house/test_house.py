import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("help", "setup", "run", "test", "check", "bench", "soak", "lint", "fmt", "clean")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--", *patterns], check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_make_help_lists_every_promised_target_from_any_folder(tmp_path: Path) -> None:
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    told = subprocess.run(
        ["make", "-f", str(ROOT / "Makefile"), "help"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
    )
    assert set(TARGETS) <= set(re.findall(r"^  make (\S+)", told.stdout, re.MULTILINE))


def test_ci_runs_what_people_run() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert script.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in script
    assert re.findall(r"^make \w+$", script, re.MULTILINE) == ["make check", "make test"]


@pytest.mark.parametrize("script", [".ci/run", "scripts/venv.sh", "scripts/node.sh", "scripts/test.sh"])
def test_a_shell_script_parses(script: str) -> None:
    subprocess.run(["bash", "-n", str(ROOT / script)], check=True)


def test_every_icon_that_a_page_shows_is_in_the_sprite() -> None:
    lines = (ROOT / "handlers" / "frontend" / "icons.txt").read_text().splitlines()
    drawn = {line.split("#")[0].strip() for line in lines}
    for page in (ROOT / "handlers").rglob("*.html"):
        text = page.read_text()
        shown = set(re.findall(r"""\bicon\(\s*["']([a-z0-9-]+)["']""", text)) | set(
            re.findall(r"icons\.svg#([a-z0-9-]+)", text)
        )
        assert shown <= drawn, page.name


def test_the_licence_is_the_one_that_the_project_names() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = re.findall(r"^## (\d+)\. ", (ROOT / "DECISIONS.md").read_text(), re.MULTILINE)
    assert [int(number) for number in numbers] == list(range(1, len(numbers) + 1))


def test_only_the_clock_asks_the_wall_and_only_the_settings_read_the_environment() -> None:
    allowed = {"engine/clock.py", "handlers/settings.py"}
    for path in tracked("engine/*.py", "processes/*.py", "handlers/*.py", "webhooks/*.py"):
        name = path.relative_to(ROOT).as_posix()
        if name in allowed or not path.exists():
            continue
        text = path.read_text()
        assert not re.search(r"\bdatetime\.now\(|\bdate\.today\(|\btime\.time\(", text), name
        assert not re.search(r"\bos\.environ\b|\bos\.getenv\b", text), name


def test_no_file_is_left_with_a_conflict_or_without_its_last_newline() -> None:
    for path in tracked("*.py", "*.md", "*.toml", "*.yml", "*.yaml", "*.json", "*.mjs", "*.js", "*.css", "*.html"):
        if not path.exists():
            continue
        text = path.read_text()
        assert not re.search(r"^(<<<<<<< |>>>>>>> )", text, re.MULTILINE), path.name
        assert not text or text.endswith("\n"), path.name

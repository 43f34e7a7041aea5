import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from handlers.pages import application_parts, depository_filters, keys, steps
from handlers.pages.admin import front
from handlers.pages.words import LANGUAGES, paths_of, plain, read_words, unbroken

TEMPLATES = Path(__file__).parents[3] / "handlers" / "templates"
KEY = re.compile(r"[a-z-]+:.*")


def messages_of_templates() -> set[str | tuple[str, str]]:
    environment = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True)
    found: set[str | tuple[str, str]] = set()
    for path in TEMPLATES.rglob("*.html"):
        for _, function, words in extract_from_ast(environment.parse(path.read_text()), ("_", "ngettext")):
            if function == "ngettext" and isinstance(words, tuple):
                found.add((str(words[0]), str(words[1])))
            elif isinstance(words, str):
                found.add(words)
    return found


def messages_of_python() -> set[str]:
    found = (
        {name for name, _ in steps.LADDER}
        | set(depository_filters.LABELS.values())
        | set(depository_filters.PAGING.values())
        | set(application_parts.FILES.values())
    )
    found |= {label for _, label in application_parts.LEVELS} | {"without a term"}
    for part in application_parts.PARTS:
        fields = part.columns if isinstance(part, application_parts.Table) else part.fields
        found |= {part.label, *(one.label for one in fields), *(one.hint for one in fields)}
        found |= {part.hint} if isinstance(part, application_parts.Table) else set()
    for step in application_parts.STEPS:
        found |= {step.label, step.hint}
    for title, rows in keys.SHORTCUTS:
        found |= {title, *(does for _, does in rows)}
    found |= {words for link in front.LINKS for words in link[1:3]}
    return found - {""}


def test_every_word_of_the_pages_has_a_russian_one() -> None:
    words = read_words("ru")
    plain = {m for m in messages_of_templates() if isinstance(m, str)} | messages_of_python()
    assert [text for text in sorted(plain) if words.gettext(text) == text] == []


def test_every_plural_has_three_russian_forms() -> None:
    words = read_words("ru")
    for one, many in (m for m in messages_of_templates() if isinstance(m, tuple)):
        forms = {words.ngettext(one, many, n) for n in (1, 2, 5)}
        assert len(forms) == 3, one


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "осталось 0 рабочих дней"),
        (1, "остался 1 рабочий день"),
        (2, "осталось 2 рабочих дня"),
        (5, "осталось 5 рабочих дней"),
        (11, "осталось 11 рабочих дней"),
        (21, "остался 21 рабочий день"),
        (111, "осталось 111 рабочих дней"),
    ],
)
def test_russian_plurals_follow_the_number(count: int, words: str) -> None:
    told = read_words("ru").ngettext("%(num)s working day left", "%(num)s working days left", count)
    assert told % {"num": count} == words


def test_both_languages_know_the_same_keys() -> None:
    texts = ["".join(path.read_text() for path in paths_of(name)) for name in LANGUAGES]
    keys = [set(re.findall(r'^msgid "([a-z-]+:[^"]*)"$', text, re.MULTILINE)) for text in texts]
    assert keys[0] == keys[1]
    assert all(KEY.fullmatch(key) for key in keys[0])


@pytest.mark.parametrize(
    ("drawn", "told"),
    [
        ("Внутренний срок (A-37), не нормативный.", "Внутренний срок, не нормативный."),
        ("Без кворума (A-32; A-33) не проводится.", "Без кворума не проводится."),
        ("Отзыв (пункт 1.5; A-49).", "Отзыв (пункт 1.5)."),
        ("A-34: приём бюллетеней окончен.", "Приём бюллетеней окончен."),
        ("строка T24 и аудитория B-12", "строка T24 и аудитория B-12"),
    ],
)
def test_a_drawings_words_are_told_without_marks(drawn: str, told: str) -> None:
    assert plain(drawn) == told


def test_every_kind_of_fact_has_its_words() -> None:
    words = read_words("ru")
    root = Path(__file__).parents[3]
    sources = [(path, "= ") for path in root.glob("processes/*/events.py")]
    sources += [(path, r"\.tell\(\s*") for path in root.glob("processes/*/*.py")]
    kinds = {kind for path, way in sources for kind in re.findall(way + r'"([a-z]+\.[a-z_]+)"', path.read_text())}
    assert "inventory.drawn_up" in kinds
    assert [kind for kind in sorted(kinds) if words.gettext(f"fact:{kind}") == f"fact:{kind}"] == []


def keys_of_providers() -> set[str]:
    """The names under which the functions that show a task's data (`View`) return them."""
    keys: set[str] = set()
    for path in (Path(__file__).parents[3] / "processes").glob("*/*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name[0] != "_" and "view: View" in ast.unparse(node.args):
                told = (one.value for one in ast.walk(node) if isinstance(one, ast.Return))
                names = (key for value in told if isinstance(value, ast.Dict) for key in value.keys)
                keys |= {str(key.value) for key in names if isinstance(key, ast.Constant)}
    return keys


def test_what_a_provider_tells_beside_a_form_has_its_words() -> None:
    body, words = (TEMPLATES / "parts" / "task_body.html").read_text(), read_words("ru")
    shown_otherwise = re.findall(r'"(\w+)"', body.split("if key not in (")[1].split(")")[0])
    keys = keys_of_providers() - set(shown_otherwise)
    assert "storage_until" in keys
    assert [key for key in sorted(keys) if words.gettext(f"field:{key}") == f"field:{key}"] == []


def test_every_message_of_the_drawings_has_its_words() -> None:
    words = read_words("ru")
    drawings = (Path(__file__).parents[3] / "bpmn").glob("*/procedure.bpmn")
    found = (re.findall(r'<bpmn:message id="[^"]+" name="([^"]+)"', path.read_text()) for path in drawings)
    names = {name for each in found for name in each}
    assert "council_decision" in names
    assert [name for name in sorted(names) if words.gettext(f"message:{name}") == f"message:{name}"] == []


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_word_is_translated_twice(name: str) -> None:
    """A second entry, in whichever file, would silently hide the first."""
    told = [m for path in paths_of(name) for m in re.findall(r'^msgid (".*(?:\n".*)*)', path.read_text(), re.MULTILINE)]
    twice = {text for text in told if text != '""' and told.count(text) > 1}
    assert {text for text in twice if not text.startswith('""\n"Project')} == set()


def test_a_number_stays_on_one_line_and_signs_of_markup_are_text() -> None:
    told = '&lt;b&gt; <span class="nowrap">КЭС-2026-0013</span>, кое-что'
    assert unbroken("<b> КЭС-2026-0013, кое-что") == told

"""The pages' language: English words in templates, Russian ones in the catalogue, dates and plurals by their rules.

The catalogue is read from its `.po` files at the start, a file a matter, so that there is nothing to compile. Russian
is the default; a signed-in person's own language or the visitor's choice (a cookie) may be English.
"""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, g, request
from markupsafe import Markup, escape

from handlers.auth import visitor

LANGUAGES: Final = ("ru", "en")
COOKIE: Final = "kes_language"
FOLDER: Final = Path(__file__).parents[1] / "translations"
#: How a drawing's words name a requirement or a reading: `(A-37)`, `(пункт 1.5; A-49)`, `A-13: `.
_MARK: Final = r"[A-Z]-\d{1,2}\b"
_MARKS: Final = re.compile(rf"\s*\({_MARK}(?:[,;] {_MARK})*\)|[,;] {_MARK}|\b{_MARK}: ")

_NUMBER: Final = re.compile(r"\w+(?:-\w+)*-\d{4}\b")


def paths_of(locale: str) -> list[Path]:
    """Return the files of a language's catalogue, `messages.po` with its head first."""
    return sorted((FOLDER / locale / "LC_MESSAGES").glob("*.po"), key=lambda path: (path.stem != "messages", path.stem))


@cache
def read_words(locale: str) -> Translations:
    """Return a language's words; English has entries only for keys such as `group:chair`. Raises OSError.

    Read once in a process.
    """
    catalogue = Catalog(locale=locale)
    for path in paths_of(locale):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id:
                    catalogue[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def plain(text: str) -> str:
    """Return a drawing's words without the marks of requirements and readings, which only its authors know."""
    told = _MARKS.sub("", text)
    return told if told == text else headed(told)


def headed(text: str) -> str:
    """Return a title with the capital that a list begins it with."""
    return text[:1].upper() + text[1:]


def unbroken(text: str) -> Markup:
    """Return a text whose numbers of cases, meetings and certificates stay on one line."""
    return Markup(_NUMBER.sub(r'<span class="nowrap">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


def language() -> str:
    """Return the language of the page being made."""
    known: str | None = g.get("language")
    if known is None:
        chosen = request.cookies.get(COOKIE, "")
        found = visitor()
        own = found.actor.language if found else "ru"
        known = g.language = chosen if chosen in LANGUAGES else own if own in LANGUAGES else "ru"
    return known


def install_words(app: Flask) -> None:
    """Give the templates `_`, `ngettext` (the number: `%(num)s`), `language`; filters `plain`, `headed`, `unbroken`."""
    words = {locale: read_words(locale) for locale in LANGUAGES}

    def gettext(text: str) -> str:
        # The empty text stands for the catalogue's own head.
        return words[language()].gettext(text) if text else ""

    def ngettext(one: str, many: str, count: int) -> str:
        return words[language()].ngettext(one, many, count) % {"num": count}

    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals |= {"_": gettext, "gettext": gettext, "ngettext": ngettext, "language": language}
    app.jinja_env.filters |= {"plain": plain, "headed": headed, "unbroken": unbroken}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

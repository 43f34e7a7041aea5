"""What other programs follow: the feed of new entries (Atom), the site map, and the entry as linked data."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from engine.ids import uuid_of
from processes.depository.model import LEVELS, Entry
from processes.depository.open_data import DESCRIPTION, KEYWORDS, TERMS, TITLE, DataSet

_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
#: What XML 1.0 has no place for.
_UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Addresses that a site map may hold (sitemaps.org).
MOST: Final = 50_000


def write_atom(
    entries: Sequence[Entry], *, base_url: str, address: str, page: str, changed_on: date, author: str
) -> bytes:
    """The entries as an Atom feed (RFC 4287): `address` of the feed itself and `page` for people, from the root."""
    items = "".join(_atom_entry(entry, base_url) for entry in entries)
    told = (
        f"<title>{_text('Новые программы краевого депозитария')}</title>"
        f"<id>{_text(base_url + address)}</id>"
        f'<link rel="self" type="application/atom+xml" href={_value(base_url + address)}/>'
        f'<link rel="alternate" type="text/html" href={_value(base_url + page)}/>'
        f"<updated>{_instant(changed_on)}</updated>"
        f"<author><name>{_text(author)}</name></author>"
    )
    return f'{_HEAD}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru">{told}{items}</feed>\n'.encode()


def _atom_entry(entry: Entry, base_url: str) -> str:
    summary = (
        f"{entry.organization}. {entry.direction}; {', '.join(entry.audience)}; {entry.hours} ч, {entry.study_form}. "
        f"Сертификат № {entry.certificate}, действует по {entry.valid_until:%d.%m.%Y}."
    )
    authors = "".join(f"<author><name>{_text(name)}</name></author>" for name in entry.authors)
    when, address = _instant(entry.published_on), f"{base_url}/depository/{entry.id}"
    try:
        name = f"urn:uuid:{uuid_of(entry.id)}"
    except ValueError:  # a row that another program has put in
        name = address
    return (
        f"<entry><title>{_text(entry.title)}</title><id>{_text(name)}</id>"
        f'<link rel="alternate" type="text/html" href={_value(address)}/>'
        f"<published>{when}</published><updated>{when}</updated>{authors}"
        f"<category term={_value(entry.direction)}/><summary>{_text(summary)}</summary></entry>"
    )


def write_sitemap(addresses: Iterable[tuple[str, date | None]]) -> bytes:
    """A site map: full addresses, each with the day of its last change where that is known."""
    rows = "".join(f"<url><loc>{_text(address)}</loc>{_changed(day)}</url>" for address, day in addresses)
    return f'{_HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>\n'.encode()


def write_sitemap_index(addresses: Iterable[str]) -> bytes:
    """The index of several site maps."""
    rows = "".join(f"<sitemap><loc>{_text(address)}</loc></sitemap>" for address in addresses)
    return f'{_HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>\n'.encode()


def link_entry(entry: Entry, base_url: str) -> dict[str, Any]:
    """The entry as schema.org linked data: a course, valid until its certificate ends."""
    return {
        "@context": "https://schema.org",
        "@type": "Course",
        "@id": f"{base_url}/depository/{entry.id}",
        "url": f"{base_url}/depository/{entry.id}",
        "name": entry.title,
        "description": f"{entry.direction}. {entry.education_kind}, {entry.study_form}, {entry.hours} ч.",
        "inLanguage": "ru",
        "provider": {"@type": "EducationalOrganization", "name": entry.organization},
        "author": [{"@type": "Person", "name": name} for name in entry.authors],
        "about": entry.direction,
        "educationalLevel": LEVELS.get(entry.level, entry.level),
        "audience": [{"@type": "EducationalAudience", "educationalRole": each} for each in entry.audience],
        "timeRequired": f"PT{entry.hours}H",
        "educationalCredentialAwarded": entry.issued_document,
        "dateCreated": str(entry.year),
        "datePublished": entry.published_on.isoformat(),
        "expires": entry.valid_until.isoformat(),
        "identifier": {
            "@type": "PropertyValue",
            "name": "Регистрационный номер сертификата",
            "value": entry.certificate,
            "url": f"{base_url}/certificates/{entry.certificate}",
        },
    }


def link_data_set(found: DataSet) -> dict[str, Any]:
    """The set of open data as schema.org linked data, for catalogues of data."""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": found.address(),
        "url": found.address(),
        "identifier": found.identifier,
        "name": TITLE,
        "description": DESCRIPTION,
        "keywords": list(KEYWORDS),
        "inLanguage": "ru",
        "creator": {"@type": "GovernmentOrganization", "name": found.owner},
        "usageInfo": TERMS,
        "isAccessibleForFree": True,
        "dateModified": found.changed_on.isoformat(),
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": address}
            for kind, address in (
                ("text/csv", found.address(f"{found.data}.csv")),
                ("application/json", f"{found.base_url}/api/v1/depository.json"),
            )
        ],
    }


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("", text))


def _value(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("", text))


def _changed(day: date | None) -> str:
    return f"<lastmod>{day.isoformat()}</lastmod>" if day else ""


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+03:00"

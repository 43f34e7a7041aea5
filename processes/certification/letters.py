"""Letters of the certification: which kind, and the values its text is filled in with.

Pure, so that the same facts give the same letter. The words stand in `letter_texts`; the administrator may word them
anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from processes.certification import letter_texts
from processes.certification.model import DECISIONS
from processes.certification.rows import TECHNICAL_ROWS
from processes.council.correspondence import shipped_words
from processes.council.letter_texts import declare

declare(letter_texts.TEXTS, letter_texts.MEANINGS)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent: its kind in the register of letters, one line of subject, a text, as the shipped words have them.

    `values` are what a text of this kind may name.
    """

    kind: str
    subject: str
    body: str
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


def _letter(kind: str, **values: str) -> Letter:
    return Letter(kind, *shipped_words(kind, values), values)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))


def registered(title: str, number: str, on: date) -> Letter:
    """The application is registered; the technical review runs from here (clause 4.5)."""
    return _letter("application_registered", title=title, number=number, day=_day(on))


def not_accepted(title: str, reason: str) -> Letter:
    """The package is not accepted (clause 4.3)."""
    return _letter("application_not_accepted", title=title, reason=reason)


def not_considered(title: str, number: str, failed: Sequence[tuple[str, str]]) -> Letter:
    """The technical review failed: every failed row with its comment (clause 4.5)."""
    rows = [f"«{TECHNICAL_ROWS.get(row, row)}» ({row}): {comment}" for row, comment in failed]
    return _letter("application_not_considered", title=title, number=number, reasons=_items(rows))


def appointed(name: str, title: str, number: str, organization: str) -> Letter:
    """A member is appointed expert (clause 4.6)."""
    return _letter("expert_appointed", name=name, title=title, number=number, organization=organization)


def released(name: str, title: str, number: str, why: str) -> Letter:
    """An expert's review is no longer needed."""
    return _letter("expert_released", name=name, title=title, number=number, reason=why)


def declined(title: str, number: str, expert: str, reason: str) -> Letter:
    """For the chair: an expert declined or did not deliver, another is to be appointed (A-12, A-13)."""
    return _letter("expert_declined", title=title, number=number, expert=expert, reason=reason)


def returned(name: str, title: str, number: str, reason: str) -> Letter:
    """A conclusion goes back to its expert (A-28)."""
    return _letter("conclusion_returned", name=name, title=title, number=number, reason=reason)


def approved(name: str, title: str, number: str) -> Letter:
    """A conclusion is approved (clause 2.5)."""
    return _letter("conclusion_approved", name=name, title=title, number=number)


def decided(title: str, number: str, decision: str, protocol: str) -> Letter:
    """The council's decision, word for word (clause 4.8)."""
    words = DECISIONS.get(decision)
    text = (
        f"Решение: «{words}» (протокол № {protocol}). Решение утверждается приказом министерства."
        if words
        else f"Решение не принято (протокол № {protocol}): дело вернётся на следующее заседание."
    )
    return _letter("council_decision", title=title, number=number, decision=text)


def not_approved(title: str, number: str, order: str, signed_on: date) -> Letter:
    """The ministry's order leaves the decision out or does not approve it (clause 4.10; A-38)."""
    return _letter("decision_not_approved", title=title, number=number, order=f"{order} от {_day(signed_on)}")


def certificate_issued(title: str, number: str, certificate: str, valid_from: date, valid_until: date) -> Letter:
    """The certificate is issued for three years (clause 4.11)."""
    return _letter(
        "certificate_issued",
        title=title,
        number=number,
        certificate=certificate,
        valid_from=_day(valid_from),
        valid_until=_day(valid_until),
    )


def published(title: str, certificate: str) -> Letter:
    """The programme stands in the depository (clause 4.13)."""
    return _letter("depository_published", title=title, certificate=certificate)


def refused(title: str, number: str, order: tuple[str, date], recommendations: Sequence[str]) -> Letter:
    """Refusal with the council's recommendations (clause 4.16)."""
    return _letter(
        "application_refused",
        title=title,
        number=number,
        order=f"{order[0]} от {_day(order[1])}",
        decision=DECISIONS["refuse"],
        recommendations=_items(recommendations),
    )


def expiry_ahead(title: str, certificate: str, valid_until: date, days: int) -> Letter:
    """So many days are left of the certificate (A-47)."""
    return _letter(
        "certificate_expires", title=title, certificate=certificate, valid_until=_day(valid_until), days=str(days)
    )


def removed(title: str, certificate: str, revoked: tuple[str, date, str] | None) -> Letter:
    """The programme left the depository: the term has ended, or the certificate is `revoked`: order, its day, why."""
    why = "срок действия сертификата истёк"
    if revoked is not None:
        order, day, grounds = revoked
        why = f"сертификат отозван приказом министерства № {order} от {_day(day)}. Основание: {grounds.rstrip('.')}"
    return _letter("depository_removed", title=title, certificate=certificate, reason=why)


def withdrawn(title: str, number: str) -> Letter:
    """The application is taken back (A-49)."""
    return _letter("application_withdrawn", title=title, number=number)

"""The draft of the ministry's order: what it says, that it can be edited, that the same values give the same bytes."""

from io import BytesIO
from zipfile import ZipFile

import docx

from processes.certification.model import DECISIONS
from processes.council_meeting.order_draft import Decided, write_order
from tests.processes.papers import samples
from tests.processes.papers.samples import AT, TITLE


def _text(content: bytes) -> str:
    draft = docx.Document(BytesIO(content))
    cells = [cell.text for table in draft.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in draft.paragraphs), *cells])


def test_the_draft_names_the_protocol_both_decisions_and_their_programmes() -> None:
    text = _text(samples.order())
    for words in (
        DECISIONS["grant"],
        DECISIONS["refuse"],
        f"«{TITLE}»",
        "№ 1/2026",
        "п р и к а з ы в а ю",
        "П Р И К А З",
    ):
        assert words in text
    assert "3. Ответственному секретарю" in text
    assert "5. Настоящий приказ вступает в силу" in text


def test_an_order_on_refusals_alone_tells_nobody_to_publish() -> None:
    decided = [Decided("КЭС-2026-0002", "Чтение", "Академия", is_granted=False)]
    text = _text(write_order("1/2026", AT.date(), decided, at=AT))
    assert DECISIONS["grant"] not in text
    assert "депозитарий в течение" not in text
    assert "2. Контроль" in text


def test_the_draft_is_in_times_new_roman_and_russian() -> None:
    draft = docx.Document(BytesIO(samples.order()))
    assert draft.styles["Normal"].font.name == "Times New Roman"
    assert draft.core_properties.language == "ru-RU"
    assert draft.core_properties.created == AT


def test_the_same_values_give_the_same_draft_without_the_hour_of_writing() -> None:
    content = samples.order()
    assert content == samples.order()
    assert {member.date_time for member in ZipFile(BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_whatever_a_title_holds_is_text_of_the_draft() -> None:
    title = '<w:p> & "кавычки" {{ поле }} 🎉 שלום \u0007'
    assert title.removesuffix("\u0007") in _text(samples.order(title=title))

"""What stands in each document: the fields and rows of the annexes, requisites, who signed for whom."""

from dataclasses import replace
from datetime import date

import pytest

from processes.certification import documents
from processes.certification.documents import FIELDS
from processes.certification.model import DECISIONS, VERDICTS
from processes.certification.printed import conclusion_parts, printed_words, technical_rows
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS
from processes.council_meeting import sheets
from processes.papers.typesetting import COUNCIL
from processes.papers.words import long_day
from tests.processes.papers import samples
from tests.processes.papers.reading import open_pdf, says, squeeze, words_of
from tests.processes.papers.samples import AT, NUMBER, ORGANIZATION, SHEETS, TITLE


def test_the_application_has_its_eleven_fields_word_for_word() -> None:
    content = SHEETS["application"]()
    assert len(FIELDS) == 11
    assert says(content, *FIELDS)
    assert says(content, TITLE, ORGANIZATION, "ИНН 2399000026", "01.03.2004", "бессрочно", "office@example.org")
    assert says(content, "Началов Пётр Ильич", "Школа № 0 города Дальнего", "повышенный", "М.П.", "16 из 42 ч (38 %)")


def test_a_license_with_a_term_says_it() -> None:
    data = {**samples.APPLICATION, "license": {"number": "7", "valid_until": "2027-05-01"}}
    assert says(documents.application(data, at=AT), "по 01.05.2027, лицензия № 7")


def test_the_technical_review_prints_32_rows_and_the_preliminary_block_apart() -> None:
    rows = technical_rows(samples.REVIEW["marks"], frozenset(samples.REVIEW["failed"]))
    assert [row["kind"] for row in rows].count("row") == 32
    assert [row["text"] for row in rows if row["kind"] == "row" and row["failed"]] == [T_ROWS["T05"], T_ROWS["T17"]]
    content = SHEETS["technical-review"]()
    pages = len(open_pdf(content).pages)
    annex = words_of(content, first=pages - 1)
    assert says(content, *(printed_words(key) for key in T_ROWS), "Рецензенты:", "не применимо")
    assert all(squeeze(text) in annex for text in K_ROWS.values())
    assert squeeze(T_ROWS["T32"]) not in annex
    assert says(content, "не прошла", "Не указаны должности авторов.", "Н.Т. Протоколова", "12 января 2026 г.")
    assert says(SHEETS["technical-review-passed"](), "Программа техническую экспертизу прошла.")


def test_the_conclusion_prints_24_rows_the_score_and_the_verdict() -> None:
    parts = conclusion_parts(samples.CONCLUSION["marks"])
    assert [row["text"] for part in parts for group in part["groups"] for row in group["rows"]] == list(E_ROWS.values())
    content = SHEETS["conclusion"]()
    assert says(content, *E_ROWS.values(), "(20 × 100 %) : 24 = 83,33 %", "100 × 20 ≥ 75 × 24", TITLE, ORGANIZATION)
    assert says(
        content, VERDICTS["conforms"][1:], "Макетов Игнат Львович, кандидат наук", "Состав комплекта не раскрыт"
    )


@pytest.mark.parametrize("times", [1, 4, 7, 10])
def test_no_row_of_a_conclusion_stands_on_a_page_without_the_title_of_its_group(times: int) -> None:
    content = documents.conclusion(
        title=f"{TITLE} " * times, organization=ORGANIZATION, number=NUMBER, row=samples.CONCLUSION, titles="",
        mark=samples.EXPERT,
    )  # fmt: skip
    pages = [squeeze(page.extract_text()) for page in open_pdf(content).pages]
    for part in conclusion_parts(samples.CONCLUSION["marks"]):
        for group in part["groups"]:
            wanted = [squeeze(text) for text in (part["title"], group["title"], *(r["text"] for r in group["rows"]))]
            assert any(all(text in page for text in wanted) for page in pages), group["title"]


def test_a_score_is_cut_and_a_verdict_against_it_gives_its_reason() -> None:
    row = {**samples.CONCLUSION, "n": 17, "verdict": "conforms", "verdict_reason": "Недочёты несущественны."}
    content = documents.conclusion(
        title=TITLE, organization=ORGANIZATION, number=NUMBER, row=row, titles="", mark=samples.EXPERT
    )
    assert says(content, "= 70,83 %", "100 × 17 < 75 × 24", "Обоснование: Недочёты несущественны.")


def test_the_certificate_names_programme_order_term_and_where_it_is_checked() -> None:
    content = SHEETS["certificate"]()
    assert len(open_pdf(content).pages) == 1
    assert says(
        content, "СЕРТИФИКАТ", "№ 23-2026-0001", TITLE, ORGANIZATION, "42 ч, уровень повышенный", samples.ADDRESS
    )
    assert says(content, DECISIONS["grant"], "протокол № 1/2026", "от 26 января 2026 г. № 17-о")
    assert says(content, "с 26 января 2026 г. по 26 января 2029 г. включительно", "М.А. Главов")


@pytest.mark.parametrize("length", [100, 250, 400, 700, 1200, 2000])
def test_a_certificate_keeps_to_one_page_with_the_longest_title(length: int) -> None:
    title = ("Длинное название программы " * 80)[:length].strip()
    content = samples.certificate(title=title)
    assert len(open_pdf(content).pages) == 1
    assert says(content, title)


def test_who_acts_for_whom_stands_in_the_mark_with_the_paper() -> None:
    for name in ("certificate-acting", "appointment"):
        content = SHEETS[name]()
        assert says(content, "И. о. председателя", "В.С. Замещаева", "за: М.А. Главов; приказ № 12 от 09.01.2026")


def test_no_mark_pretends_to_be_a_qualified_signature() -> None:
    for name in ("technical-review", "conclusion", "appointment", "protocol", "certificate", "refusal"):
        assert says(SHEETS[name](), "простой электронной подписью", "квалифицированной подписью не является")


def test_letters_are_addressed_and_name_every_reason() -> None:
    assert says(SHEETS["notice"](), "УВЕДОМЛЕНИЕ", ORGANIZATION, "П. И. Началов", "office@example.org", "пунктом 4.5")
    assert says(SHEETS["notice"](), *samples.REVIEW["comments"].values(), K_ROWS["K2"])
    assert says(SHEETS["refusal"](), DECISIONS["refuse"], *samples.REFUSED.recommendations, "пункт 4.17", "№ 17-о")


def test_requisites_stand_on_every_document_of_the_council() -> None:
    for name, make in SHEETS.items():
        if name != "application":
            assert says(make(), COUNCIL, "г. Краснодар"), name


def test_the_agenda_and_the_protocol_tell_the_meeting() -> None:
    assert says(
        SHEETS["agenda"](), "УТВЕРЖДЕНА", "М.А. Главов", "ЗАС-2026-0001", "не менее 17", *samples.NUMBERS.values()
    )
    content = SHEETS["protocol"]()
    assert says(content, "СЛУШАЛИ:", "ГОЛОСОВАЛИ", "РЕШИЛИ:", DECISIONS["grant"], DECISIONS["refuse"], "1/2026")
    assert says(content, "Отсутствовали: И.М. Условцева.", "Заявлен самоотвод: Ф.И. Чертёжников.", "3f" * 32)
    assert says(SHEETS["protocol-draft"](), "ПРОЕКТ", "расшифровка подписи")
    assert not says(content, "ПРОЕКТ")


def test_an_extract_has_its_item_alone() -> None:
    content = SHEETS["extract"]()
    assert says(content, "ВЫПИСКА ИЗ ПРОТОКОЛА", "КЭС-2026-0002", "1) Описать средства оценивания")
    assert not says(content, NUMBER)
    bare = sheets.extract(replace(samples.MINUTES, presiding=None), samples.GRANTED, samples.SIGNED, at=AT)
    assert not says(bare, "Председательствует")


def test_the_inventory_lists_each_document_with_its_hash() -> None:
    content = SHEETS["inventory"]()
    assert says(content, *(row["sha256"] for row in samples.PAPERS), "Итого внесено документов: 6", "31 декабря 2032")
    titles = [f"{row['title'][0].upper()}{row['title'][1:]}" for row in samples.PAPERS]
    assert says(SHEETS["act"](), "Протокол комиссии № 4", "№ 1/2033", *titles)
    assert says(SHEETS["act"](), "Председатель комиссии", "Член комиссии", "расшифровка подписи")


def test_dates_are_written_in_words() -> None:
    assert long_day(date(2026, 8, 3)) == "3 августа 2026\u00a0г."


@pytest.mark.parametrize("failed", [1, 2, 4, 6, 8, 10, 14, 20])
def test_no_signature_stands_alone_on_a_page(failed: int) -> None:
    keys = list(T_ROWS)[:failed]
    words = "Раздел расходится с пояснительной запиской, и это видно из таблицы на первой странице программы."
    marks = {**samples.REVIEW, "failed": keys, "comments": dict.fromkeys(keys, words)}
    pages = [squeeze(page.extract_text()) for page in open_pdf(samples.review(marks=marks)).pages]
    (signed,) = (text for text in pages if squeeze("Подписано простой электронной подписью") in text)
    assert squeeze("Основания:") in signed
    assert squeeze(words[-20:]) in signed

"""One document of each kind, from invented values: what tests read and pictures show."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final

from processes.certification import documents, notices
from processes.certification.rows import E_ROWS, K_ROWS, T_ROWS
from processes.council_meeting import order_draft, sheets
from processes.council_meeting.model import (
    DocumentKind,
    Form,
    Kind,
    Member,
    Outcome,
    Point,
    Presiding,
    State,
    Tally,
    Vote,
)
from processes.council_meeting.protocol import Discussed, Minutes
from processes.papers.words import Mark
from processes.retention import papers as storage

AT: Final = datetime(2026, 1, 12, 6, 30, tzinfo=UTC)
TITLE: Final = "Формирующее оценивание на уроке: приёмы, инструменты и разбор ученических работ"
ORGANIZATION: Final = "Учебный центр «Ориентир-Демо» (вымышленная организация)"
NUMBER: Final = "КЭС-2026-0001"
ACTS: Final = (
    "Федеральный закон от 29.12.2012 № 273-ФЗ «Об образовании в Российской Федерации»",
    "Приказ министерства от 10.02.2020 № 508 «Об оценке качества содержания программ»",
)
ADDRESS: Final = "https://kes.example.org/certificates/23-2026-0001"

APPLICATION: Final[Mapping[str, Any]] = {
    "programme_title": TITLE,
    "organization": {"full_name": ORGANIZATION, "short_name": "УЦ «Ориентир-Демо»", "inn": "2399000026"},
    "registered": {"date": "2004-03-01", "place": "г. Дальний", "authority": "межрайонная налоговая инспекция № 0"},
    "legal_address": {"address": "350000, г. Дальний, ул. Условная, 1", "phone": "+7 861 000-00-01", "fax": "нет"},
    "license": {"number": "Л035-00000-23/00000001", "valid_until": "indefinite"},
    "actual_address": {
        "address": "350000, г. Дальний, ул. Условная, 1",
        "phone": "+7 861 000-00-01",
        "fax": "нет",
        "email": "office@example.org",
    },
    "head": {"last_name": "Началов", "first_name": "Пётр", "patronymic": "Ильич"},
    "legal_form": "автономная некоммерческая организация дополнительного профессионального образования",
    "activities": "повышение квалификации учителей начальной и основной школы",
    "authors": [
        {"name": "Сочинялова Анна Ильинична", "position": "доцент", "degree": "кандидат наук", "rank": ""},
        {"name": "Словарёв Олег Юрьевич", "position": "методист", "degree": "", "rank": ""},
    ],
    "practice_bases": ["Школа № 0 города Дальнего", "Гимназия «Азбука-Демо»"],
    "level": "advanced",
    "plan": [
        {"module": "Оценивание для обучения", "lecture_hours": 8, "practice_hours": 6, "self_study_hours": 4},
        {
            "module": "Критерии и обратная связь",
            "lecture_hours": 6,
            "practice_hours": 8,
            "self_study_hours": 6,
            "control_hours": 0,
            "remote": True,
        },
        {"module": "Итоговая аттестация", "lecture_hours": 0, "practice_hours": 2, "control_hours": 2},
    ],
    "depository": {
        "direction": "Методика преподавания",
        "education_kind": "повышение квалификации",
        "audience": ["учителя начальных классов", "учителя-предметники"],
        "year": 2025,
        "study_form": "очно-заочная",
        "issued_document": "удостоверение о повышении квалификации",
    },
}

SECRETARY: Final = Mark("Ответственный секретарь экспертного совета", "Н.Т. Протоколова", AT)
CHAIR: Final = Mark("Председатель экспертного совета", "М.А. Главов", AT)
ACTING: Final = Mark(
    "И. о. председателя экспертного совета", "В.С. Замещаева", AT, "за: М.А. Главов; приказ № 12 от 09.01.2026"
)
ACTING_SECRETARY: Final = Mark(
    "И. о. ответственного секретаря", "А.Б. Заменов", AT, "за: Н.Т. Протоколова; приказ от 12.01.2026 № 3"
)
EXPERT: Final = Mark("Эксперт, член экспертного совета", "Макетов Игнат Львович", AT)

REVIEW: Final[Mapping[str, Any]] = {
    "marks": {**dict.fromkeys(T_ROWS, "+"), "T05": "-", "T17": "-", "T24": "na", "T28": "-"},
    "precheck": {**dict.fromkeys(K_ROWS, "+"), "K2": "-"},
    "comments": {
        "K2": "Копия лицензии не заверена руководителем.",
        "T05": "Не указаны должности авторов.",
        "T17": "Продолжительность в плане расходится с пояснительной запиской.",
    },
    "failed": ["K2", "T05", "T17"],
}
PASSED: Final[Mapping[str, Any]] = {
    "marks": {**dict.fromkeys(T_ROWS, "+"), "T28": "-"},
    "precheck": dict.fromkeys(K_ROWS, "+"),
    "comments": {},
    "failed": [],
}
CONCLUSION: Final[Mapping[str, Any]] = {
    "marks": {**dict.fromkeys(E_ROWS, "+"), "E04": "-", "E16": "-", "E21": "-", "E23": "-"},
    "comments": {
        "E04": "Вариативные модули названы, их сочетания не описаны.",
        "E16": "Нет примеров заданий текущего контроля.",
        "E21": "Состав комплекта не раскрыт.",
        "E23": "Список источников старше пяти лет.",
    },
    "n": 20,
    "n_max": 24,
    "verdict": "conforms",
    "verdict_reason": None,
}

_NAMES: Final = (
    ("chair", "Главов Матвей Андреевич", "М.А. Главов", "chair"),
    ("deputy", "Замещаева Вера Степановна", "В.С. Замещаева", "deputy"),
    ("secretary", "Протоколова Нина Тихоновна", "Н.Т. Протоколова", "secretary"),
    ("member01", "Небылова Ольга Львовна", "О.Л. Небылова", "member"),
    ("member02", "Макетов Игнат Львович", "И.Л. Макетов", "member"),
    ("member03", "Эскизова Римма Юрьевна", "Р.Ю. Эскизова", "member"),
    ("member04", "Чертёжников Фёдор Ильич", "Ф.И. Чертёжников", "member"),
    ("member05", "Условцева Инга Марковна", "И.М. Условцева", "member"),
)
MEMBERS: Final = tuple(Member(login, name, short, role) for login, name, short, role in _NAMES)
POINTS: Final = (
    Point(1, Kind.CERTIFICATION, TITLE, "c1"),
    Point(2, Kind.CERTIFICATION, "Читательская грамотность в основной школе", "c2"),
    Point(3, Kind.DOCUMENT, "План работы совета на второе полугодие", None, DocumentKind.PLAN),
)
NUMBERS: Final = {"c1": NUMBER, "c2": "КЭС-2026-0002"}
_FOR: Final = {m.login: Vote.FOR for m in MEMBERS[:6]}
GRANTED: Final = Discussed(
    POINTS[0], NUMBER, State.DECIDED, Outcome.GRANT, Tally(6, 0, 0, 6, None, True), _FOR, recused=("member04",)
)
REFUSED: Final = Discussed(
    POINTS[1],
    "КЭС-2026-0002",
    State.DECIDED,
    Outcome.REFUSE,
    Tally(1, 5, 1, 7, None, True),
    {
        **{m.login: Vote.AGAINST for m in MEMBERS[:5]},
        "member03": Vote.FOR,
        "member04": Vote.ABSTAIN,
    },
    recommendations=("Описать средства оценивания по каждому модулю.", "Обновить список литературы."),
)
MINUTES: Final = Minutes(
    number="1/2026",
    form=Form.IN_PERSON,
    held_on=date(2026, 1, 20),
    members=MEMBERS,
    present=tuple(m.login for m in MEMBERS[:7]),
    counted=frozenset(m.login for m in MEMBERS),
    presiding=Presiding("chair"),
    items=(
        GRANTED,
        REFUSED,
        Discussed(
            POINTS[2],
            "",
            State.DECIDED,
            Outcome.GRANT,
            Tally(6, 0, 1, 7, None, True),
            {**_FOR, "member04": Vote.ABSTAIN},
        ),
    ),
)
SIGNED: Final = (replace(CHAIR, sha256="3f" * 32), replace(SECRETARY, sha256="3f" * 32))
ORDER: Final = ("17-о", date(2026, 1, 26))
PAPERS: Final[list[dict[str, Any]]] = [
    {"title": title, "name": name, "at": AT, "sha256": digit * 64}
    for title, name, digit in (
        ("подписанная заявка", "заявка.pdf", "a"),
        ("копия лицензии, заверенная руководителем", "лицензия.pdf", "b"),
        ("образовательная программа", "программа.docx", "c"),
        ("Техническая экспертиза", "Техническая экспертиза КЭС-2026-0001 от 12.01.2026.pdf", "d"),
        ("Заключение эксперта 1 из 3", "Заключение эксперта 1 из 3 КЭС-2026-0001 от 12.01.2026.pdf", "e"),
        ("Сертификат 23-2026-0001", "Сертификат 23-2026-0001 от 12.01.2026.pdf", "f"),
    )
]
CASE: Final = {"number": NUMBER, "title": TITLE}


def certificate(*, mark: Mark = CHAIR, title: str = TITLE) -> bytes:
    """A certificate on the sample programme."""
    return documents.certificate(
        number="23-2026-0001",
        entry={
            "title": title,
            "organization": ORGANIZATION,
            "authors": ["Сочинялова Анна Ильинична", "Словарёв Олег Юрьевич"],
            "hours": 42,
            "level": "advanced",
        },
        protocol="1/2026",
        order=ORDER,
        term=(date(2026, 1, 26), date(2029, 1, 26)),
        mark=mark,
        at=AT,
        address=ADDRESS,
    )


def review(*, marks: Mapping[str, Any] = REVIEW, title: str = TITLE) -> bytes:
    """A technical review of the sample programme."""
    return documents.technical_review(
        title=title, organization=ORGANIZATION, number=NUMBER, review=marks, mark=SECRETARY, acts=ACTS
    )


#: Every PDF of the house by the name of its picture.
SHEETS: Final[Mapping[str, Callable[[], bytes]]] = {
    "application": lambda: documents.application(APPLICATION, at=AT),
    "technical-review": review,
    "technical-review-passed": lambda: review(marks=PASSED),
    "notice": lambda: notices.notice_not_considered(
        title=TITLE,
        number=NUMBER,
        data=APPLICATION,
        failed=[(key, REVIEW["comments"][key]) for key in REVIEW["failed"]],
        mark=SECRETARY,
        at=AT,
        acts=ACTS,
    ),
    "appointment": lambda: notices.appointment(
        title=TITLE,
        organization=ORGANIZATION,
        number=NUMBER,
        experts=[
            {"seat": "1", "name": "Макетов Игнат Львович", "post": "кандидат наук"},
            {"seat": "2", "name": "Эскизова Римма Юрьевна", "post": "кандидат наук"},
            {"seat": "3", "name": "Чертёжников Фёдор Ильич", "post": "член экспертного совета"},
        ],
        replaced="",
        mark=ACTING,
        acts=ACTS,
    ),
    "conclusion": lambda: documents.conclusion(
        title=TITLE,
        organization=ORGANIZATION,
        number=NUMBER,
        row=CONCLUSION,
        titles="кандидат наук",
        mark=EXPERT,
        acts=ACTS,
    ),
    "agenda": lambda: sheets.agenda(
        number="ЗАС-2026-0001",
        form=Form.IN_PERSON,
        held_on=date(2026, 1, 20),
        closes_at=None,
        points=POINTS,
        numbers=NUMBERS,
        total=24,
        mark=CHAIR,
    ),
    "protocol-draft": lambda: sheets.protocol(MINUTES, (), at=AT),
    "protocol": lambda: sheets.protocol(MINUTES, SIGNED, at=AT),
    "extract": lambda: sheets.extract(MINUTES, REFUSED, SIGNED, at=AT),
    "certificate": certificate,
    "certificate-acting": lambda: certificate(mark=ACTING),
    "refusal": lambda: notices.refusal(
        title=TITLE,
        number="КЭС-2026-0002",
        data=APPLICATION,
        protocol="1/2026",
        order=ORDER,
        recommendations=REFUSED.recommendations,
        mark=SECRETARY,
        acts=ACTS,
    ),
    "inventory": lambda: storage.write_inventory(CASE, PAPERS, until=date(2032, 12, 31), at=AT),
    "act": lambda: storage.write_act("1/2033", CASE, PAPERS, "Протокол комиссии № 4", mark=ACTING_SECRETARY, at=AT),
}


def order(*, title: str = TITLE) -> bytes:
    """The draft of the ministry's order on the sample meeting."""
    decided = [
        order_draft.Decided(NUMBER, title, ORGANIZATION, is_granted=True),
        order_draft.Decided("КЭС-2026-0002", POINTS[1].title, "Академия «Лекало-Демо»", is_granted=False),
    ]
    return order_draft.write_order("1/2026", date(2026, 1, 20), decided, at=AT)

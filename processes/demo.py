"""The demo council, its organisations and accounts: invented people and organisations, and they say so.

`seat_council` fills an empty, migrated database: persons, organisations, the composition by order, approved documents
and acts. Sign-in and cases are the door's.
"""

from datetime import date
from typing import TYPE_CHECKING, Final

from processes.council.model import Category, ExpertEntry, Member, Organization, Person, Role
from processes.council.records import compositions, experts, library, people

if TYPE_CHECKING:
    from engine.runtime import Transaction

#: The first day of the regulation, and of the demo composition (order 508 of 10.02.2020).
FIRST_DAY: Final = date(2020, 2, 10)
INVENTED: Final = "вымышленное лицо"

#: INN, full name, short name, INN of the parent.
_ORGANIZATIONS: Final = (
    ("2399000019", "Министерство образования условного края (вымышленное)", "Минобр условный", None),
    ("2399000026", "Учебный центр «Ориентир-Демо» (вымышленная организация)", "УЦ «Ориентир-Демо»", None),
    ("2399000033", "Академия педагогики «Лекало-Демо» (вымышленная организация)", "Академия «Лекало-Демо»", None),
    ("2399000040", "Университет «Эталон-Демо» (вымышленная организация)", "Университет «Эталон-Демо»", None),
    (
        "2399000058",
        "Филиал университета «Эталон-Демо» в городе Дальнем (вымышленная организация)",
        "Дальний филиал «Эталон-Демо»",
        "2399000040",
    ),
    ("2399000065", "Институт развития «Контур-Демо» (вымышленная организация)", "Институт «Контур-Демо»", None),
    ("2399000072", "Педагогический колледж «Пример-Демо» (вымышленная организация)", "Колледж «Пример-Демо»", None),
    ("2399000080", "Центр развития образования «Ступень-Демо» (вымышленный)", "ЦРО «Ступень-Демо»", None),
    ("2399000097", "Центр развития образования «Вектор-Демо» (вымышленный)", "ЦРО «Вектор-Демо»", None),
    ("2399000107", "Методический центр «Компас-Демо» (вымышленный)", "МЦ «Компас-Демо»", None),
    ("2399000114", "Социально-педагогический колледж «Парус-Демо» (вымышленный)", "Колледж «Парус-Демо»", None),
    ("2399000121", "Ассоциация педагогов «Круг-Демо» (вымышленная)", "Ассоциация «Круг-Демо»", None),
)

_MINISTRY: Final = "2399000019"
_FIRST: Final = "2399000026"
_SECOND: Final = "2399000033"

#: Surname, name, patronymic, INN of the employer, category (clause 2.2), degree, direction.
_MEMBERS: Final = (
    ("Небылова", "Ольга", "Львовна", _FIRST, "further_education", "", "Методика преподавания"),
    ("Макетов", "Игнат", "Львович", "2399000040", "further_education", "кандидат наук", "Математика"),
    ("Эскизова", "Римма", "Юрьевна", "2399000065", "further_education", "кандидат наук", "Управление образованием"),
    ("Чертёжников", "Фёдор", "Ильич", "2399000072", "further_education", "", "Технология"),
    ("Условцева", "Инга", "Марковна", "2399000080", "municipal", "", "Начальное образование"),
    ("Прообразов", "Клим", "Савельевич", "2399000097", "municipal", "", "Русский язык"),
    ("Набросова", "Зоя", "Глебовна", "2399000107", "public", "доктор наук", "Психология"),
    ("Шаблонов", "Лука", "Тарасович", "2399000114", "further_education", "", "Физика"),
    ("Трафаретова", "Нонна", "Яковлевна", "2399000121", "public", "", "Воспитание"),
    ("Модельный", "Яков", "Борисович", "2399000058", "further_education", "кандидат наук", "Информатика"),
    ("Сюжетова", "Ева", "Кирилловна", "2399000065", "further_education", "", "Дошкольное образование"),
    ("Образчиков", "Демид", "Наумович", "2399000040", "further_education", "кандидат наук", "История"),
    ("Черновикова", "Алла", "Ефимовна", "2399000072", "further_education", "", "Биология"),
    ("Слепков", "Захар", "Миронович", "2399000080", "municipal", "", "Химия"),
    ("Отражёнова", "Лидия", "Власовна", "2399000097", "municipal", "", "Иностранные языки"),
    ("Силуэтов", "Нил", "Романович", "2399000107", "public", "", "Искусство"),
    ("Копиркина", "Тамара", "Аркадьевна", "2399000114", "further_education", "", "Коррекционная педагогика"),
    ("Планов", "Родион", "Захарович", "2399000121", "public", "кандидат наук", "Физическая культура"),
    ("Подобнова", "Майя", "Эдуардовна", "2399000058", "further_education", "", "География"),
    ("Зарисовкин", "Егор", "Платонович", "2399000065", "further_education", "", "Литература"),
    ("Выкройкина", "Роза", "Семёновна", "2399000107", "public", "кандидат наук", "Методика преподавания"),
)

#: Login, surname, name, patronymic, position, INN of the employer, the account's own roles.
_OTHERS: Final = (
    ("chair", "Главов", "Матвей", "Андреевич", "первый заместитель министра", _MINISTRY, ()),
    ("deputy", "Замещаева", "Вера", "Степановна", "начальник управления", _MINISTRY, ()),
    ("secretary", "Протоколова", "Нина", "Тихоновна", "начальник отдела", _MINISTRY, ()),
    ("applicant1", "Заявкин", "Глеб", "Денисович", "методист", _FIRST, ("applicant",)),
    ("applicant2", "Подавалова", "Рита", "Олеговна", "проректор", _SECOND, ("applicant",)),
    ("ministry", "Приказов", "Борис", "Игоревич", "консультант", _MINISTRY, ("ministry",)),
    ("analyst1", "Схемина", "Юлия", "Павловна", "аналитик процедур", _MINISTRY, ("analyst",)),
    ("analyst2", "Стрелкин", "Артур", "Вадимович", "аналитик процедур", _MINISTRY, ("analyst",)),
    ("auditor", "Проверкин", "Аким", "Петрович", "аудитор", _MINISTRY, ("auditor",)),
    ("admin", "Настройкина", "Майя", "Ивановна", "администратор", _MINISTRY, ("admin",)),
)

#: Logins of the plain members, in the order of the composition.
MEMBER_LOGINS: Final = tuple(f"member{n:02}" for n in range(1, len(_MEMBERS) + 1))

#: Every demo login: each has the password `demo`.
LOGINS: Final = (*(row[0] for row in _OTHERS), *MEMBER_LOGINS)

_DOCUMENTS: Final = (
    ("standard", "Стандарт качества программ повышения квалификации"),
    ("criteria", "Критерии оценки программ"),
    ("form", "Форма заключения эксперта"),
    ("expert_requirements", "Требования к экспертам"),
    ("plan", "План работы совета"),
)


def seat_council(tx: "Transaction") -> None:
    """Write the demo council of 24, the accounts' persons, their organisations, and what the council has approved."""
    connection = tx.connection
    for inn, full_name, short_name, parent in _ORGANIZATIONS:
        people.save_organization(connection, Organization(inn, full_name, short_name, parent))
    for person in demo_persons():
        people.save_person(connection, person)
    leaders = (Member(login, Role(login), Category.MINISTRY) for login in ("chair", "deputy", "secretary"))
    members = (Member(login, Role.MEMBER, Category(row[4])) for login, row in zip(MEMBER_LOGINS, _MEMBERS, strict=True))
    compositions.add_composition(
        connection,
        order_number="508",
        order_date=FIRST_DAY,
        valid_from=FIRST_DAY,
        members=[*leaders, *members],
        by="admin",
        at=tx.now,
    )
    for login in MEMBER_LOGINS:
        entry = ExpertEntry(login, consent_on=FIRST_DAY, included_on=FIRST_DAY, protocol="1")
        experts.save_entry(connection, entry)
    for kind, title in _DOCUMENTS:
        library.add_document(connection, kind, title, protocol="1", meeting=None, valid_from=FIRST_DAY, at=tx.now)
    library.add_act(
        connection,
        kind="Федеральный закон",
        number="273-ФЗ",
        dated=date(2012, 12, 29),
        title="Об образовании в Российской Федерации",
        valid_from=date(2013, 9, 1),
    )
    library.add_act(
        connection,
        kind="Приказ министерства",
        number="508",
        dated=FIRST_DAY,
        title=(
            "Об оценке качества содержания и сертификации (экспертизы) программ повышения квалификации "
            "работников образования в Краснодарском крае"
        ),
        valid_from=FIRST_DAY,
    )


def demo_persons() -> list[Person]:
    """Every demo person: those of the accounts, and the members with their degrees and directions."""
    persons = [
        Person(
            login=login,
            last_name=last,
            first_name=first,
            patronymic=patronymic,
            email=f"{login}@demo.example.org",
            position=f"{position} ({INVENTED})",
            organization=inn,
            roles=frozenset(roles),
        )
        for login, last, first, patronymic, position, inn, roles in _OTHERS
    ]
    persons += [
        Person(
            login=login,
            last_name=last,
            first_name=first,
            patronymic=patronymic,
            email=f"{login}@demo.example.org",
            position=f"преподаватель ({INVENTED})",
            degree=degree,
            organization=inn,
            directions=(direction,),
        )
        for login, (last, first, patronymic, inn, _category, degree, direction) in zip(
            MEMBER_LOGINS, _MEMBERS, strict=True
        )
    ]
    return persons

"""A relation to an organisation is declared on the expert's card and keeps the expert from its programmes (A-16)."""

from tests.handlers.demo_house import DemoHouse
from tests.handlers.pages.person import Person

CARD = "/admin/experts/member05"


def test_a_declared_relation_keeps_an_expert_from_the_organisations_programmes(demo: DemoHouse) -> None:
    case = demo.get("secretary", "/cases?q=Опыты по физике без лаборатории")["items"][0]["id"]
    inn = demo.get("applicant1", "/me")["organization"]["inn"]

    def offered() -> bool:
        pool = {row["login"]: row for row in demo.get("chair", f"/experts?case={case}")["items"]}
        return bool(pool["member05"]["eligible"])

    assert offered()
    secretary = Person(demo, "secretary")
    secretary.open(CARD)
    form = f"form[action^='{CARD}/relations']"
    secretary.send(form, {"tied_to": "", "kind": "", "valid_until": "вчера"})
    assert secretary.reads("Укажите последний день связи в виде ДД.ММ.ГГГГ")
    secretary.send(form, {"tied_to": "", "kind": "relative", "valid_until": ""})
    assert secretary.reads("Выберите организацию из списка")
    secretary.send(form, {"tied_to": inn, "kind": "relative", "note": "Сестра ведёт курсы."})
    assert secretary.reads("близкий родственник работает в организации")
    assert secretary.reads("Сестра ведёт курсы.")
    assert secretary.reads("Заявлена связь с организацией")
    assert not offered()
    auditor = Person(demo, "auditor")
    auditor.open(CARD)
    assert auditor.reads("близкий родственник работает в организации")
    assert auditor.page.select_one(form) is None
    secretary.send("form[action$='/end']", {})
    assert secretary.reads("Кроме места работы, ничего не заявлено.")
    assert offered()

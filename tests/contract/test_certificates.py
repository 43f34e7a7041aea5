from tests.contract.client import Service
from tests.contract.stories import (
    AWAITING,
    IN_FORCE,
    UNPUBLISHED,
    UNSIGNED,
    certify,
)


def certificate_of(service: Service, case: str) -> str:
    return str(service.shown(case)["data"]["certificate"]["number"])


def test_the_chair_signs_after_the_order(service: Service) -> None:
    case = service.case(UNSIGNED)
    task = service.as_("chair").task(case, "sign_certificate")["id"]
    for login in ("secretary", "deputy", "ministry"):
        service.as_(login).post(f"/tasks/{task}/complete", {"data": {"confirm": True}}, 403)
    for data in ({"confirm": False}, {"confirm": "true"}, {}):
        assert "confirm" in service.as_("chair").errors(case, "sign_certificate", data)
    done = service.as_("chair").complete(case, "sign_certificate", {"confirm": True})
    assert done["case"]["at"] == ["publish_to_depository"]
    number = done["case"]["data"]["certificate"]["number"]
    told = service.as_(None).get(f"/certificates/{number}")
    assert (told["valid_from"], told["valid_until"]) == ("2026-01-12", "2029-01-12")


def test_an_unknown_certificate_is_404_and_says_so(standing: Service) -> None:
    assert standing.as_(None).get("/certificates/23-1999-0001", 404)["status"] == "unknown"
    assert standing.as_(None).get("/certificates/no/such", 404)["status"] == "unknown"


def test_publishing_takes_corrections(service: Service) -> None:
    case, secretary = service.case(UNPUBLISHED), service.as_("secretary")
    number = certificate_of(service, case)
    visitor = service.as_(None)
    assert visitor.get("/depository", certificate=number)["total"] == 0
    for data, path in (
        ({"confirm": False, "fields": {}}, "confirm"),
        ({"confirm": True, "fields": {"level": "top"}}, "fields.level"),
        ({"confirm": True, "fields": {"year": "2024"}}, "fields.year"),
        ({"confirm": True, "fields": {"surprise": "x"}}, "fields.surprise"),
    ):
        assert path in secretary.errors(case, "publish_to_depository", data), data
    fields = {"title": "Наставничество в школе", "audience": ["Наставники"], "year": 2024}
    secretary.complete(case, "publish_to_depository", {"confirm": True, "fields": fields})
    (entry,) = visitor.get("/depository", certificate=number)["items"]
    assert (entry["title"], entry["audience"], entry["year"]) == ("Наставничество в школе", ["Наставники"], 2024)
    assert entry["hours"] == 72
    assert entry["certificate"] == {"number": number, "valid_from": "2026-01-12", "valid_until": "2029-01-12"}
    promised = {"title", "organization", "authors", "direction", "level", "education_kind", "audience", "hours"}
    assert promised | {"year", "study_form", "issued_document", "certificate", "url"} <= set(entry)
    assert all(isinstance(name, str) for name in entry["authors"])


def test_a_certificate_ends_after_its_last_day(service: Service) -> None:
    case = service.case(IN_FORCE)
    number = certificate_of(service, case)
    visitor = service.as_(None)
    assert visitor.get(f"/certificates/{number}")["status"] == "in_force"
    service.set_clock("2029-01-12T23:59:59+03:00")
    assert visitor.get(f"/certificates/{number}")["status"] == "in_force"
    assert visitor.get("/depository", certificate=number)["total"] == 1
    service.set_clock("2029-01-13T00:05:00+03:00")
    assert visitor.get(f"/certificates/{number}")["status"] == "expired"
    assert visitor.get("/depository", certificate=number)["total"] == 0
    assert service.stands_at(case) == ["confirm_removal"]
    done = service.as_("secretary").complete(case, "confirm_removal", {"confirm": True})
    assert (done["case"]["state"], done["case"]["end"]) == ("ended", "expired")
    assert visitor.get(f"/certificates/{number}")["status"] == "expired"
    assert "case.ended" in service.kinds(case)


def test_a_leap_day_ends_on_the_twenty_eighth(service: Service) -> None:
    service.set_clock("2028-02-29T10:00:00+03:00")
    number = certify(service, service.case(AWAITING))
    told = service.as_(None).get(f"/certificates/{number}")
    assert (told["valid_from"], told["valid_until"]) == ("2028-02-29", "2031-02-28")


def test_storage_ends_with_a_task_and_deletes_nothing(service: Service) -> None:
    ended = service.shown(service.case("Шахматы в начальной школе"))
    secretary = service.as_("secretary")
    (storage,) = [
        each for each in secretary.every("/cases", process="retention", limit=50) if ended["number"] in each["title"]
    ]
    assert storage["at"] == ["storage_ends"]
    # Three years from 1 January after the year of the final event.
    service.set_clock("2029-12-31T23:59:59+03:00")
    assert service.stands_at(storage["id"]) == ["storage_ends"]
    service.set_clock("2030-01-01T00:00:00+03:00")
    assert secretary.task(storage["id"], "decide_destruction")["candidates"] == ["secretary"]
    assert secretary.get(f"/cases/{ended['id']}/documents")["items"]
    service.as_("chair").complete(storage["id"], "decide_destruction", {"action": "destroy", "basis": "Акт"}, 403)

from tests.contract.client import Service
from tests.contract.stories import AWAITING, UNREGISTERED, certify


def test_the_demo_stands_on_its_first_day(standing: Service) -> None:
    for login in ("applicant1", "secretary", "analyst1", "member09"):
        assert standing.as_(login).get("/clock") == {"now": "2026-01-12T09:00:00+03:00", "mode": "virtual", "fired": []}
    standing.as_(None).get("/clock", 401)


def test_only_the_administrator_moves_it_and_never_back(service: Service) -> None:
    for login in ("secretary", "chair", "analyst1", "applicant1"):
        service.as_(login).post("/clock", {"advance": "P1D"}, 403)
    admin = service.as_("admin")
    assert admin.post("/clock", {"advance": "P10D"})["now"] == "2026-01-22T09:00:00+03:00"
    assert admin.post("/clock", {"now": "2026-01-22T10:30:00+03:00"})["now"] == "2026-01-22T10:30:00+03:00"
    assert admin.post("/clock", {"now": "2026-01-22T10:00:00+03:00"}, 422)["type"] == "clock_backwards"
    for body in (
        {},
        {"now": "2027-01-01"},
        {"now": "2027-01-01T00:00:00"},
        {"now": "9027-01-01T00:00:00+03:00"},
        {"now": 5},
        {"advance": "10 days"},
        {"advance": "-P1D"},
        {"advance": "P1D", "now": "2027-01-01T00:00:00+03:00"},
        {"advance": "P1D", "surprise": 1},
    ):
        admin.post("/clock", body, 422)
    assert admin.get("/clock")["now"] == "2026-01-22T10:30:00+03:00"


def test_instants_of_any_offset_are_the_same_instant(service: Service) -> None:
    told = service.as_("admin").post("/clock", {"now": "2026-01-12T10:00:00Z"})
    assert told["now"] == "2026-01-12T13:00:00+03:00"


def test_due_timers_fire_in_order_each_at_its_own_instant(service: Service) -> None:
    told = service.as_("admin").post("/clock", {"advance": "P40D"})
    assert len(told["fired"]) > 10
    for each in told["fired"]:
        assert set(each) == {"case", "element", "kind", "at"}
    instants = [each["at"] for each in told["fired"]]
    assert instants == sorted(instants)
    assert instants[0] >= "2026-01-12T09:00:00+03:00"
    assert instants[-1] <= told["now"]
    case = service.case(UNREGISTERED)
    fired = [event for event in service.events(case) if event["kind"] == "timer.fired"]
    assert [event["at"] for event in fired] == [each["at"] for each in told["fired"] if each["case"] == case]


def test_one_long_leap_is_as_good_as_many_steps(service: Service) -> None:
    case = service.case(AWAITING)
    number = certify(service, case)
    fired = service.advance("P3Y2D")
    own = [each for each in fired if each["case"] == case]
    assert own[-1]["element"] in {"certificate_expired", "confirm_removal_soon"}
    (expired,) = [each for each in own if each["element"] == "certificate_expired"]
    assert expired["at"] == "2029-01-13T00:05:00+03:00"
    assert service.as_(None).get(f"/certificates/{number}")["status"] == "expired"
    assert [each for each in fired if each["element"] == "half_year_begins" or "warn" in each["element"]]


def test_letters_and_facts_carry_the_virtual_time(service: Service) -> None:
    service.set_clock("2026-03-02T15:00:00+03:00")
    case = service.case(UNREGISTERED)
    service.as_("secretary").complete(case, "register_application", {"accepted": True, "copies": 3})
    assert service.events(case)[-1]["at"] == "2026-03-02T15:00:00+03:00"
    assert max(letter["at"] for letter in service.letters(case)) == "2026-03-02T15:00:00+03:00"

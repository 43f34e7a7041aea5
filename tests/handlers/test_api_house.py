"""What stands behind every case: clock, calendar, versions, depository, probes."""

from tests.handlers.demo_house import DemoHouse


def test_the_clock_moves_forward_for_the_administrator_only(demo: DemoHouse) -> None:
    assert demo.get("applicant1", "/clock") == {"now": "2026-01-12T09:00:00+03:00", "mode": "virtual", "fired": []}
    demo.post("chair", "/clock", {"advance": "PT1H"}, 403)
    moved = demo.post("admin", "/clock", {"advance": "P10D"})
    assert moved["now"] == "2026-01-22T09:00:00+03:00"
    assert all(set(each) == {"case", "element", "kind", "at"} for each in moved["fired"])
    assert [each["at"] for each in moved["fired"]] == sorted(each["at"] for each in moved["fired"])
    assert demo.post("admin", "/clock", {"now": "2026-01-12T09:00:00+03:00"}, 422)["type"] == "clock_backwards"
    for body in ({}, {"now": "2027-01-01"}, {"advance": "10"}, {"now": "2027-01-01T00:00:00+03:00", "advance": "P1D"}):
        demo.post("admin", "/clock", body, 422)


def test_a_years_table_shows_first_what_it_moves(demo: DemoHouse) -> None:
    table = demo.get("admin", "/calendar/2026")
    assert len(table["days"]) == 365
    changed = [{**day, "working": False} if day["date"] == "2026-01-13" else day for day in table["days"]]
    body = {**table, "days": changed, "apply": False}
    demo.post("chair", "/calendar", body, 403)
    moves = demo.post("admin", "/calendar", body)
    assert moves["applied"] is False
    assert moves["moves"]
    assert set(moves["moves"][0]) == {"task", "case", "element", "due_at", "new_due_at"}
    assert demo.get("admin", "/calendar/2026") == table
    applied = demo.post("admin", "/calendar", {**body, "apply": True})
    assert applied == {"applied": True, "moves": moves["moves"]}
    assert demo.get("admin", "/calendar/2026")["days"][12]["working"] is False
    demo.post("admin", "/calendar", {**body, "days": changed[1:]}, 422)
    demo.post("admin", "/calendar", {**body, "year": "2026"}, 422)
    demo.get("admin", "/calendar/1999", 404)


def test_versions_are_read_with_their_basis_and_drawing(demo: DemoHouse) -> None:
    keys = [each["key"] for each in demo.get("analyst1", "/definitions")["items"]]
    assert keys == ["certification", "council_meeting", "meeting_watch", "retention"]
    (version,) = demo.get("analyst1", "/definitions/certification/versions")["items"]
    assert version["effective_from"] == "2020-02-10"
    assert {"author", "released_by", "basis", "hash"} <= set(version)
    xml = demo.ask("analyst1", "GET", "/definitions/certification/versions/1/xml")
    assert xml.content_type.startswith("application/xml")
    assert b"<bpmn:definitions" in xml.data
    demo.get("analyst1", "/definitions/nothing/versions", 404)
    demo.get("analyst1", "/definitions/certification/versions/9/xml", 404)


def test_the_depository_exports_keep_the_filters(demo: DemoHouse) -> None:
    total = demo.get(None, "/depository")["total"]
    assert total >= 2
    csv = demo.ask(None, "GET", "/depository.csv?title=инклюзивная")
    assert csv.data.startswith(b"\xef\xbb\xbf")
    assert len(csv.data.decode("utf-8-sig").strip().splitlines()) == 2
    told = demo.get(None, "/depository.json")
    assert set(told) == {"passport", "items"}
    assert len(told["items"]) == total
    for wrong in ("per_page=101", "level=top", "year_from=x", "valid_on=soon", "unknown=1"):
        demo.get(None, f"/depository?{wrong}", 422)


def test_the_probes_answer_without_a_sign_in(demo: DemoHouse) -> None:
    assert demo.client().get("/healthz").json == {"status": "ok"}
    ready = demo.client().get("/readyz")
    assert (ready.status_code, ready.json) == (
        200, {"status": "ready", "checks": {"database": True, "disk": True, "timers": True, "post": True}},
    )  # fmt: skip
    figures = demo.client().get("/metrics").text
    assert 'kes_cases{state="active"}' in figures
    assert 'kes_late_seconds{kind="timers"} 0.0' in figures

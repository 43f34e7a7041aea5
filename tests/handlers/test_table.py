import json
import re

from handlers.api.table import all_routes
from handlers.auth import permission_of
from tests.handlers.demo_house import DemoHouse

#: Contract, section 3, but for what later works open.
CONTRACT = """
POST /tokens, GET /me, GET /clock, POST /clock, POST /applications, PUT /applications/<>, GET /applications/<>,
POST /applications/<>/files, GET /applications, DELETE /applications/<>, GET /applications/<>/files/<>,
DELETE /applications/<>/files/<>, POST /applications/<>/submit, POST /applications/<>/withdraw, GET /cases,
GET /cases/<>, GET /cases/<>/documents, GET /documents/<>, POST /cases/<>/retry, POST /cases/<>/suspend,
POST /cases/<>/resume, GET /experts, GET /tasks, GET /tasks/<>, POST /tasks/<>/claim, POST /tasks/<>/unclaim,
POST /tasks/<>/delegate, PUT /tasks/<>/draft, POST /tasks/<>/complete, POST /tasks/<>/decline,
POST /processes/<>/instances, POST /messages, POST /meetings/<>/items/<>/vote, GET /cases/<>/history,
GET /cases/<>/replay, GET /cases/<>/verify, GET /depository, GET /depository.csv, GET /depository.json,
GET /certificates/<>, GET /definitions, GET /definitions/<>/versions, GET /definitions/<>/versions/<>/xml,
GET /letters, GET /substitutions, POST /substitutions, GET /calendar/<>, POST /calendar
"""
#: Whom section 3 lets in without signing in.
OPEN = {
    "/api/v1/tokens",
    "/api/v1/depository",
    "/api/v1/depository.csv",
    "/api/v1/depository.json",
    "/api/v1/depository/<entry_id>",
    "/api/v1/certificates/<path:number>",
    "/api/v1/openapi.json",
    "/api/v1/docs",
    "/healthz",
    "/readyz",
    "/metrics",
}


def test_every_row_of_the_contract_has_its_route() -> None:
    wanted = {row.strip() for row in CONTRACT.replace("\n", " ").split(",")}
    there = {f"{route.method} {re.sub(r'<[^>]*>', '<>', route.path)}" for route in all_routes()}
    assert wanted - there == set()


def test_every_route_of_the_application_says_whom_it_lets_in(demo: DemoHouse) -> None:
    rules = [rule for rule in demo.app.url_map.iter_rules() if rule.endpoint != "static"]
    assert len(rules) > 50
    assert [rule.rule for rule in rules if permission_of(demo.app.view_functions[rule.endpoint]) is None] == []


def test_only_what_the_contract_opens_is_open(demo: DemoHouse) -> None:
    api = [rule for rule in demo.app.url_map.iter_rules() if rule.rule.startswith(("/api/", "/healthz", "/readyz"))]
    found = {
        rule.rule for rule in api if getattr(permission_of(demo.app.view_functions[rule.endpoint]), "public", True)
    }
    assert found <= OPEN


def test_nobody_passes_a_closed_door(demo: DemoHouse) -> None:
    for route in all_routes():
        if route.permission.public:
            continue
        path = re.sub(r"<[^>]*>", "x", re.sub(r"<int:[^>]*>", "1", route.rule))
        assert demo.client().open(path, method=route.method).status_code == 401, route.rule


def test_the_openapi_document_describes_every_route(demo: DemoHouse) -> None:
    document = demo.client().get("/api/v1/openapi.json").json
    assert document is not None
    for route in all_routes():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule)
        operation = document["paths"][path][route.method.lower()]
        assert operation["summary"]
        assert str(route.status) in operation["responses"]
    operations = [op["operationId"] for paths in document["paths"].values() for op in paths.values()]
    assert len(operations) == len(set(operations))
    refs = set(re.findall(r"#/components/schemas/([\w-]+)", json.dumps(document)))
    assert refs <= set(document["components"]["schemas"])


def test_the_handbook_needs_no_other_site(demo: DemoHouse) -> None:
    page = demo.client().get("/api/v1/docs")
    assert page.status_code == 200
    assert "http" not in re.sub(r'lang="ru"', "", page.text)


def test_answers_have_the_shapes_that_the_document_tells(demo: DemoHouse) -> None:
    case = demo.submit()
    task = demo.task("secretary", case["id"], "register_application")["id"]
    demo.post("secretary", f"/cases/{case['id']}/comments", {"text": "Готово"}, 201)
    filed = demo.get("secretary", f"/cases/{case['id']}/documents")["items"]
    form = next(row["id"] for row in filed if row["kind"] == "application_form")
    meeting = demo.get("secretary", "/cases?process=council_meeting&state=ended")["items"][0]["id"]
    period = {"from": "2026-01-12", "until": "2026-01-16", "basis": "Приказ 12"}
    substitution = demo.post("admin", "/substitutions", {"absent": "chair", "deputy": "deputy", **period}, 201)
    published = demo.get("chair", "/depository")["items"][0]
    asked = {
        "show_me": ("member01", "/me"),
        "show_clock": ("chair", "/clock"),
        "list_cases": ("secretary", "/cases?limit=200"),
        "show_case": ("secretary", f"/cases/{case['id']}"),
        "list_case_documents": ("secretary", f"/cases/{case['id']}/documents"),
        "show_history": ("auditor", f"/cases/{case['id']}/history?limit=1000"),
        "verify_case": ("auditor", f"/cases/{case['id']}/verify"),
        "list_tasks": ("secretary", "/tasks?scope=all&limit=200"),
        "show_task": ("secretary", f"/tasks/{task}"),
        "list_applications": ("applicant1", "/applications"),
        "show_application": ("applicant1", f"/applications/{case['application']}"),
        "show_year": ("chair", "/calendar/2026"),
        "list_letters": ("secretary", "/letters"),
        "list_comments": ("chair", f"/cases/{case['id']}/comments"),
        "list_attachments": ("chair", f"/cases/{case['id']}/attachments"),
        "list_signatures": ("chair", f"/documents/{form}/signatures"),
        "precheck_application": ("applicant1", f"/applications/{demo.draft(plan=[])}/precheck"),
        "show_meeting": ("chair", f"/meetings/{meeting}"),
        "list_materials": ("chair", f"/meetings/{meeting}/items/1/materials"),
        "show_protocol": ("chair", f"/meetings/{meeting}/protocol"),
        "list_decisions": ("chair", f"/meetings/{meeting}/decisions"),
        "list_assignments": ("chair", "/assignments"),
        "list_definitions": ("analyst1", "/definitions"),
        "list_versions": ("analyst1", "/definitions/certification/versions"),
        "show_replay": ("auditor", f"/cases/{case['id']}/replay?seq=3"),
        "list_experts": ("secretary", f"/experts?case={case['id']}"),
        "list_substitutions": ("chair", "/substitutions"),
        "search_depository": ("chair", "/depository?per_page=100"),
        "export_json": ("chair", "/depository.json"),
        "show_entry": ("chair", f"/depository/{published['id']}"),
        "show_certificate": ("chair", f"/certificates/{published['certificate']['number']}"),
    }
    told = {route.operation for route in all_routes() if route.method == "GET" and route.media == "application/json"}
    assert told - set(asked) == {"show_health", "show_readiness"}
    shapes = {route.operation: route.answer for route in all_routes()}
    for operation, (login, path) in asked.items():
        shape = shapes[operation]
        assert shape is not None
        shape.load(demo.get(login, path))
    for operation, result in (("submit_application", case), ("add_substitution", substitution)):
        shape = shapes[operation]
        assert shape is not None
        shape.load(result)
    completed = shapes["complete_task"]
    assert completed is not None
    completed.load(demo.post("secretary", f"/tasks/{task}/complete", {"data": {"accepted": True, "copies": 3}}))

"""What people do to bring a case or a meeting to a stage, told through the API alone. Persons are invented."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.contract.client import PDF, Service

APPLICATION: dict[str, Any] = {
    "programme_title": "Формирующее оценивание на уроках",
    "registered": {"date": "2011-03-14", "place": "г. Краснодар", "authority": "налоговая инспекция"},
    "legal_address": {"address": "г. Краснодар, ул. Примерная, 1", "phone": "+7 861 000-00-01", "fax": "нет"},
    "license": {"number": "01234", "valid_until": "indefinite"},
    "actual_address": {
        "address": "г. Краснодар, ул. Примерная, 1",
        "phone": "+7 861 000-00-01",
        "fax": "нет",
        "email": "office@example.org",
    },
    "head": {"last_name": "Примеров", "first_name": "Пётр", "patronymic": "Петрович"},
    "legal_form": "Учреждение",
    "activities": "Повышение квалификации учителей",
    "authors": [{"name": "Образцова Мария Ивановна", "position": "доцент", "degree": "нет", "rank": "нет"}],
    "practice_bases": ["Школа № 101 (вымышленная)"],
    "level": "basic",
    "plan": [
        {
            "module": "Основы",
            "lecture_hours": 20,
            "practice_hours": 36,
            "self_study_hours": 12,
            "control_hours": 4,
            "remote": False,
        }
    ],
    "depository": {
        "direction": "Математика",
        "education_kind": "Повышение квалификации",
        "audience": ["Учителя математики"],
        "year": 2025,
        "study_form": "очная",
        "issued_document": "Удостоверение",
    },
    "previous_case": None,
    "remedies": [],
}
FILES = ("application", "license_copy", "programme")
PRECHECK = {f"K{n}": "+" for n in range(1, 6)}
TECHNICAL = {f"T{n:02}": "-" if n == 28 else "+" for n in range(1, 33)}
EXPERT = {f"E{n:02}": "+" for n in range(1, 25)}
MEMBERS = [f"member{n:02}" for n in range(1, 22)]
COUNCIL = ["chair", "deputy", "secretary", *MEMBERS]
EXPERTS = ["member05", "member06", "member07"]
#: Seventeen of twenty-four: the least quorum.
QUORUM = [*MEMBERS[:15], "chair", "secretary"]

#: A point of an agenda that needs no order.
DOCUMENT = {"kind": "document", "title": "План работы на год", "document": "plan"}

# Demo cases at a stage that a story may begin with.
UNREGISTERED = "Чтение как творчество"
IN_REVIEW = "Театральная педагогика"
UNAPPOINTED = "Опыты по физике без лаборатории"
UNAPPROVED = "Экологические практикумы на местном материале"
AWAITING = "Подготовка классных руководителей"
DECIDED = "Проектная деятельность в начальной школе"
UNSIGNED = "Цифровые средства на уроках истории"
UNPUBLISHED = "Наставничество в сельской школе"
REFUSED = "Школьный музей как учебная среда"
IN_FORCE = "Функциональная грамотность на уроках математики"


def review(**changes: Any) -> dict[str, Any]:
    """Return a technical review that passes; `marks` and `precheck` change rows, the rest replaces fields."""
    return {
        "precheck": {**PRECHECK, **changes.pop("precheck", {})},
        "marks": {**TECHNICAL, **changes.pop("marks", {})},
        "comments": {},
        **changes,
    }


def conclusion(minuses: int = 0, **changes: Any) -> dict[str, Any]:
    """Return an expert's conclusion with the first rows at minus, each with its comment."""
    rows = list(EXPERT)[:minuses]
    return {
        "declaration": {"no_conflict": True},
        "marks": {**EXPERT, **dict.fromkeys(rows, "-"), **changes.pop("marks", {})},
        "comments": {**dict.fromkeys(rows, "Не хватает"), **changes.pop("comments", {})},
        "verdict": "conforms" if minuses <= 6 else "does_not_conform",
        **changes,
    }


def draft(service: Service, login: str = "applicant1", **changes: Any) -> str:
    """Begin an application that lacks its files only; returns its id."""
    person = service.as_(login)
    data = {**APPLICATION, "organization": person.get("/me")["organization"], **changes}
    return str(person.post("/applications", data, 201)["id"])


def submit(service: Service, login: str = "applicant1", **changes: Any) -> Any:
    """Submit a complete application; returns its case."""
    application = draft(service, login, **changes)
    for kind in FILES:
        service.as_(login).upload(application, kind, content=PDF + kind.encode())
    return service.as_(login).post(f"/applications/{application}/submit", None, 201)


def register(service: Service, case: str) -> None:
    """Register a submitted application."""
    service.as_("secretary").complete(case, "register_application", {"accepted": True, "copies": 3})


def appoint(service: Service, case: str, experts: Iterable[str] = EXPERTS) -> Any:
    """Appoint three experts."""
    return service.as_("chair").complete(case, "appoint_experts", {"experts": list(experts)})


def examine(service: Service, case: str, experts: Iterable[str] = EXPERTS) -> None:
    """File the conclusions of some experts."""
    for login in experts:
        service.as_(login).complete(case, "expert_review", conclusion())


def convene(service: Service, *cases: str, by: str = "secretary", status: int = 201, **changes: Any) -> Any:
    """Call a meeting for the clock's day, or as told; returns the answer."""
    data: dict[str, Any] = {
        "form": "in_person",
        "date": service.as_("admin").get("/clock")["now"][:10],
        "agenda": [{"kind": "certification", "case": case} for case in cases],
        **changes,
    }
    return service.as_(by).post("/processes/council_meeting/instances", {"data": data}, status)


def open_meeting(service: Service, *cases: str, present: Iterable[str] = QUORUM, **changes: Any) -> str:
    """Call a meeting, approve its agenda and register who came; returns its case's id."""
    meeting = str(convene(service, *cases, **changes)["id"])
    service.as_("chair").complete(meeting, "approve_agenda", {"approve": True})
    service.as_("secretary").complete(meeting, "register_attendance", {"present": list(present)})
    return meeting


def votes(value: str, *, present: Iterable[str] = QUORUM, **others: str) -> dict[str, Any]:
    """Return the secretary's entry: everybody's vote is `value` but for those named."""
    return {"votes": {**dict.fromkeys(present, value), **others}, "recused": [], "recommendations": []}


def record(service: Service, meeting: str, entry: Mapping[str, Any], status: int = 200) -> Any:
    """Enter the votes on the item that is open."""
    return service.as_("secretary").complete(meeting, "record_votes", dict(entry), status)


def sign(service: Service, meeting: str) -> None:
    """Sign the protocol by secretary and chair."""
    service.as_("secretary").complete(meeting, "sign_protocol_secretary", {"confirm": True})
    service.as_("chair").complete(meeting, "sign_protocol_chair", {"confirm": True})


def order(service: Service, meeting: str, **approved: bool) -> Any:
    """Register the ministry's order, signed on the clock's day; `approved` has its cases by id."""
    day = service.as_("admin").get("/clock")["now"][:10]
    data = {"number": "77", "signed_on": day, "approved": approved}
    return service.as_("ministry").complete(meeting, "register_order", data)


def decide(service: Service, case: str, vote: str = "for") -> str:
    """Hold a meeting on one case up to both signatures; returns the meeting's id."""
    meeting = open_meeting(service, case)
    entry = votes(vote)
    if vote == "against":
        entry["recommendations"] = ["Увеличить долю практики"]
    record(service, meeting, entry)
    sign(service, meeting)
    return meeting


def certify(service: Service, case: str) -> str:
    """Bring an awaiting case to a certificate in force; returns its number."""
    order(service, decide(service, case), **{case: True})
    service.as_("chair").complete(case, "sign_certificate", {"confirm": True})
    service.as_("secretary").complete(case, "publish_to_depository", {"confirm": True, "fields": {}})
    return str(service.shown(case)["data"]["certificate"]["number"])


def two_cases(service: Service) -> tuple[str, str]:
    """Two cases that wait for the council: one of the demo, and one whose conclusions are approved now."""
    other = service.case(UNAPPROVED)
    service.as_("chair").complete(other, "approve_conclusions", {"approve": True})
    return service.case(AWAITING), other


def certified(service: Service, login: str = "applicant1", **changes: Any) -> str:
    """A case of one's own application, with its certificate in force; returns the certificate's number."""
    case = submit(service, login, **changes)["id"]
    register(service, case)
    service.as_("secretary").complete(case, "technical_review", review())
    appoint(service, case)
    examine(service, case)
    service.as_("chair").complete(case, "approve_conclusions", {"approve": True})
    return certify(service, case)

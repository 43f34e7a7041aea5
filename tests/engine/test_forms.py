"""Forms: what a completion may be, what enters the case data, what history keeps as digest, what files are refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.forms import Field, Form, FormRefused, Kind, read_form
from engine.forms.values import UNWRITABLE, has_unwritable

REQUIRED = {"required": True}
SIGNS = [{"label": "есть", "value": "+"}, {"label": "нет", "value": "-"}]
YES_NO = [{"label": "да", "value": "true"}, {"label": "нет", "value": "false"}]


def form(*components: dict[str, Any]) -> Form:
    """Read a form of these components."""
    return read_form(json.dumps({"type": "default", "schemaVersion": 16, "id": "f", "components": list(components)}))


def field(kind: str, key: str = "x", **more: Any) -> dict[str, Any]:
    """Write a component with a label."""
    return {"type": kind, "key": key, "label": f"Поле {key}", **more}


def rules(*components: dict[str, Any]) -> list[str]:
    """Name the rules of a form's findings."""
    return [finding.rule for finding in form(*components).findings()]


REGISTER = form(
    field("radio", "accepted", validate=REQUIRED, values=YES_NO, properties={"type": "boolean", "variable": "true"}),
    field(
        "number", "copies", validate={"required": True, "min": 1, "max": 10}, conditional={"hide": "=accepted = false"}
    ),
    field("textarea", "reason", validate=REQUIRED, conditional={"hide": "=accepted = true"}),
)

REVIEW = form(
    {"type": "text", "text": "## Отметки"},
    {
        "type": "group",
        "label": "Отметки",
        "path": "marks",
        "components": [field("radio", f"T0{n}", validate=REQUIRED, values=SIGNS) for n in (1, 2)],
    },
    {"type": "group", "label": "Замечания", "components": [field("textarea", "comments.T01")]},
    field("checkbox", "declaration.no_conflict", validate=REQUIRED, properties={"variable": "no_conflict"}),
)

MEETING = form(
    field("radio", "votes", values=[{"label": "за", "value": "for"}], properties={"map": "login", "keys": "present"}),
    {
        "type": "group",
        "label": "Утверждено",
        "path": "approved",
        "properties": {"map": "case"},
        "components": [field("checkbox", "value")],
    },
    field("taglist", "recused", valuesKey="members"),
    field("textarea", "recommendations", properties={"list": "text"}),
    field("datetime", "signed_on", subtype="date"),
    field("datetime", "closes_at", subtype="datetime"),
    {
        "type": "dynamiclist",
        "path": "agenda",
        "label": "Повестка",
        "components": [
            field("textfield", "title", validate=REQUIRED),
            field("textfield", "case", properties={"plain": "true"}),
        ],
    },
)


def test_a_sound_completion_has_no_errors() -> None:
    assert REGISTER.check({"accepted": True, "copies": 3}) == {}
    assert REGISTER.check({"accepted": False, "reason": "Нет подписи"}) == {}
    assert REVIEW.check({"marks": {"T01": "+", "T02": "-"}, "declaration": {"no_conflict": True}}) == {}
    assert MEETING.check({}) == {}
    filled = {
        "votes": {"member.01": "for"},
        "approved": {"5f0c": False},
        "recused": ["member02"],
        "recommendations": ["Дополнить"],
        "signed_on": "2026-05-12",
        "closes_at": "2026-05-12T18:00:00+03:00",
        "agenda": [{"title": "О плане", "case": "5f0c"}],
    }
    assert MEETING.check(filled) == {}


def test_each_missing_field_is_named_at_its_path() -> None:
    assert list(REVIEW.check({})) == ["marks.T01", "marks.T02", "declaration.no_conflict"]
    assert REVIEW.check({"marks": {"T01": "+"}, "declaration": {"no_conflict": True}}) == {
        "marks.T02": ["Заполните поле «Поле T02»."]
    }
    assert REVIEW.check({}, partial=True) == {}


def test_unknown_keys_are_errors() -> None:
    data = {"accepted": True, "copies": 3, "is_admin": True}
    assert REGISTER.check(data) == {"is_admin": ["Такого поля в форме нет; уберите его."]}
    assert list(REVIEW.check({"marks": {"T99": "+"}}, partial=True)) == ["marks.T99"]
    assert list(MEETING.check({"agenda": [{"title": "a", "extra": 1}]})) == ["agenda.0.extra"]


def test_a_hidden_field_must_be_absent() -> None:
    errors = REGISTER.check({"accepted": False, "copies": 3, "reason": "Нет"})
    assert list(errors) == ["copies"]
    assert "уберите его" in errors["copies"][0]
    assert list(REGISTER.check({})) == ["accepted"]


def test_an_answer_may_be_the_whole_object_wrong() -> None:
    wrong: list[Any] = [[], None, "text", 1]
    for data in wrong:
        assert list(REGISTER.check(data)) == ["data"]
    assert list(REVIEW.check({"marks": []}, partial=True)) == ["marks"]
    assert list(MEETING.check({"votes": ["for"], "agenda": {"0": {}}})) == ["votes", "agenda"]


WRONG: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    (field("textfield"), ["", "a", "a" * 10_000], [1, True, None, [], {}, "a" * 10_001, "a\x00b", "\ud800", "\x1b"]),
    (field("textfield", validate=REQUIRED), ["a"], ["", "  ", "\n"]),
    (field("textarea", validate={"minLength": 3, "maxLength": 5}), ["", "abc"], ["ab", "abcdef"]),
    (field("textfield", validate={"pattern": r"^\d{3}-К$"}), ["", "123-К"], ["12-К", "123-Кх"]),
    (field("textfield", validate={"validationType": "email"}), ["a@b.ru"], ["a", "a b@c"]),
    (field("number"), [0, -5, 2**53 - 1], ["1", 1.0, True, None, 2**53, 10**40]),
    (field("number", validate={"min": 1, "max": 3}), [1, 3], [0, 4]),
    (field("number", decimalDigits=2), [1, 1.5], ["1", True, float("nan"), float("inf")]),
    (field("checkbox"), [True, False], [0, 1, "true", None]),
    (field("checkbox", validate=REQUIRED), [True], [False, 1, None]),
    (field("radio", values=SIGNS), ["+", "-"], ["na", "", None, True, ["+"]]),
    (field("select", values=[{"label": "1", "value": 1}]), [1], ["1", True, 1.0]),
    (field("radio", values=YES_NO, properties={"type": "boolean"}), [True, False], ["true", 1, None]),
    (field("select", values=YES_NO, properties={"type": "integer"}), ["true"], [1]),
    (field("select", valuesKey="p"), ["any", ""], [1, None, "a" * 201, "\x00"]),
    (field("select", valuesKey="p", validate=REQUIRED), ["any"], ["", " "]),
    (field("taglist", valuesKey="p"), [[], ["a", "b"]], ["a", {}, [1], [None], ["a" * 201], ["a"] * 1_001]),
    (field("checklist", values=SIGNS, validate=REQUIRED), [["+"], ["+", "-"]], [[], ["x"]]),
    (field("textarea", properties={"list": "text"}), [[], ["a"]], ["a", [1], ["a" * 10_001]]),
    (field("datetime", subtype="date"), ["2026-02-28"], ["2026-02-30", "20260228", "28.02.2026", "", 1, "1812-09-07"]),
    (
        field("datetime", subtype="datetime"),
        ["2026-02-28T09:00+03:00", "2026-02-28T09:00:00.5Z"],
        ["2026-02-28", "2026-02-28T09:00:00", "2026-02-28T25:00Z", None],
    ),
]


@pytest.mark.parametrize(("component", "good", "bad"), WRONG)
def test_nothing_is_converted(component: dict[str, Any], good: list[Any], bad: list[Any]) -> None:
    read = form(component)
    assert read.findings() == ()
    assert [value for value in good if read.check({"x": value})] == []
    assert [value for value in bad if not read.check({"x": value})] == []


def test_of_all_signs_those_that_cannot_be_written_are_refused() -> None:
    for sign in map(chr, range(0x11000)):
        refused = UNWRITABLE.search(sign) is not None
        assert has_unwritable(f"до\n{sign}\N{NO-BREAK SPACE}после") is refused, ascii(sign)


def test_every_error_names_the_field() -> None:
    for component, _, bad in WRONG:
        for value in bad:
            messages = [message for found in form(component).check({"x": value}).values() for message in found]
            assert all("Поле x" in message and message.endswith(".") for message in messages)


def test_an_items_error_stands_at_its_index_or_key() -> None:
    data = {"recommendations": ["a", 1], "votes": {"m": "no"}, "approved": {"c": 1}, "agenda": [{"title": "a"}, {}]}
    assert list(MEETING.check(data)) == ["votes.m", "approved.c", "recommendations.1", "agenda.1.title"]


def test_a_maps_keys_are_bounded() -> None:
    for key in ("", " ", "a" * 201, "\x00"):
        assert list(MEETING.check({"votes": {key: "for"}})) == ["votes"]
    assert list(MEETING.check({"votes": {str(n): "for" for n in range(1_001)}})) == ["votes"]


def test_marked_fields_enter_the_case_data() -> None:
    assert REGISTER.variables({"accepted": False, "reason": "Нет"}) == {"accepted": False}
    assert REVIEW.variables({"declaration": {"no_conflict": True}}) == {"no_conflict": True}
    assert REVIEW.variables({}) == {}
    nested = form(field("number", "a.b", properties={"variable": "true"}))
    assert nested.variables({"a": {"b": 1}}) == {"a": {"b": 1}}


def test_free_text_is_found_and_wrapped_in_a_copy() -> None:
    data = {"recommendations": ["a", "b"], "agenda": [{"title": "t", "case": "5f0c"}], "signed_on": "2026-05-12"}
    wrapped = MEETING.mark_free_text(data, lambda text: f"<{text}>")
    assert wrapped["recommendations"] == ["<a>", "<b>"]
    assert wrapped["agenda"] == [{"title": "<t>", "case": "5f0c"}]
    assert data["recommendations"] == ["a", "b"]
    assert MEETING.read_back(wrapped, lambda text: text[1:-1]) == data
    assert MEETING.read_back(wrapped, lambda _text: None)["agenda"] == [{"title": None, "case": "5f0c"}]
    remarks = form(field("textarea", "remarks", properties={"map": "login"}))
    assert remarks.mark_free_text({"remarks": {"m.1": "a"}}, lambda text: f"<{text}>") == {"remarks": {"m.1": "<a>"}}


def test_a_value_kept_back_is_wrapped_whole_whatever_its_type() -> None:
    back = {"digest": "true"}
    marks = [field("number", "marks.m"), field("taglist", "marks.l", values=[{"label": "a", "value": "a"}])]
    kept = form(
        field("textfield", "verdict", properties={**back, "plain": "true"}),
        field("textfield", "votes", properties={**back, "map": "login"}),
        {"type": "group", "label": "Отметки", "components": marks, "properties": back},
        field("number", "copies"),
    )
    data = {"verdict": "да", "votes": {"b": "x", "a": "y"}, "marks": {"m": 1, "l": ["a"]}, "copies": 3}
    wrapped = kept.mark_free_text(data, lambda text: f"<{text}>")
    assert wrapped == {
        "verdict": "<да>",
        "votes": '<{"a":"y","b":"x"}>',
        "marks": {"m": "<1>", "l": '<["a"]>'},
        "copies": 3,
    }
    assert kept.read_back(wrapped, lambda text: text[1:-1]) == data
    assert kept.read_back(wrapped, lambda _text: None)["marks"] == {"m": None, "l": None}
    assert kept.is_kept_back
    assert not MEETING.is_kept_back
    public = form(field("number", "copies", properties={**back, "variable": "true"}))
    assert [finding.rule for finding in public.findings()] == ["form-digest"]


def test_nobody_sees_which_values_kept_back_were_left_out() -> None:
    comments = [field("textfield", f"comments.{key}", properties={"digest": "true"}) for key in ("a", "b")]
    kept = form(*comments, field("number", "copies"))
    found: list[dict[str, Any]] = [{"comments": {"b": "нет"}, "copies": 3}, {"comments": {}}, {"copies": 3}, {}]
    for data in found:
        wrapped = kept.mark_free_text(data, lambda text: f"<{text}>")
        assert set(wrapped["comments"]) == {"a", "b"}
        told = kept.read_back(wrapped, lambda text: text[1:-1])
        assert told == {key: value for key, value in data.items() if value != {}}


def test_parts_tell_a_page_what_to_draw() -> None:
    assert [note.text for note in REVIEW.notes] == ["## Отметки"]
    first = REVIEW.fields[0]
    assert (first.key, first.kind, first.group, first.component) == ("marks.T01", Kind.CHOICE, ("Отметки",), "radio")
    votes, approved = MEETING.fields[:2]
    assert (votes.map, votes.keys) == ("login", "present")
    assert (approved.key, approved.map, approved.kind, approved.label) == ("approved", "case", Kind.FLAG, "Утверждено")
    assert MEETING.fields[2].provider == "members"


def test_a_readonly_field_is_shown_and_not_accepted() -> None:
    shown = form(field("textfield", readonly=True), field("number", "n"))
    assert [part.component for part in shown.parts if isinstance(part, Field)] == ["textfield", "number"]
    assert list(shown.check({"x": "a", "n": 1})) == ["x"]


CONDITIONS: list[tuple[str, dict[str, Any], bool]] = [
    ("=a", {"a": True}, True),
    ("=a", {"a": False}, False),
    ("=not(a)", {"a": False}, True),
    ("=a = true", {"a": 1}, False),
    ('=form = "absentee"', {"form": "absentee"}, True),
    ('= form != "absentee"', {"form": "in_person"}, True),
    ("=b.c = 3", {"b": {"c": 3}}, True),
    ("=a = null", {"a": None}, True),
]


@pytest.mark.parametrize(("hide", "data", "hidden"), CONDITIONS)
def test_conditions_hide_fields(hide: str, data: dict[str, Any], hidden: bool) -> None:
    read = form(field("textfield", conditional={"hide": hide}))
    assert read.findings() == ()
    assert read.fields[0].is_hidden(data) is hidden
    assert read.fields[0].is_hidden({}) is None


def test_an_optional_fields_absence_decides_too() -> None:
    read = form(
        field("select", "form", values=[{"label": "заочно", "value": "absentee"}]),
        field("datetime", "date", validate=REQUIRED, conditional={"hide": '=form = "absentee"'}),
        field("datetime", "until", validate=REQUIRED, conditional={"hide": '=form != "absentee"'}),
    )
    assert list(read.check({})) == ["date"]
    assert read.check({"date": "2026-05-12"}) == {}
    assert read.check({"form": "absentee", "until": "2026-05-12"}) == {}
    assert list(read.check({"date": "2026-05-12", "until": "2026-05-12"})) == ["until"]


def test_a_groups_condition_hides_its_fields() -> None:
    group = {"type": "group", "conditional": {"hide": "=ok"}, "components": [field("textfield", validate=REQUIRED)]}
    read = form(field("checkbox", "ok"), group)
    assert read.check({"ok": True}) == {}
    assert list(read.check({"ok": False})) == ["x"]
    assert list(read.check({"ok": True, "x": "a"})) == ["x"]


def test_what_is_not_understood_is_found() -> None:
    assert rules(field("filepicker"), field("html", "y"), field("button", "z")) == ["form-component-unsupported"] * 2
    assert rules(field("textfield", conditional={"hide": "=count(a) > 1"})) == ["form-condition-unsupported"]
    assert rules(field("radio")) == ["form-options"]
    assert rules(field("radio", values=[{"label": "a"}])) == ["form-options"]
    assert rules(field("textfield", "a b"), field("number", "__class__"), field("number", "a..b")) == ["form-key"] * 3
    assert rules({"type": "number", "key": "x"}) == ["form-label"]
    assert rules(field("number", validate={"min": "=a"})) == ["form-bound"]
    assert rules(field("datetime", subtype="time")) == ["form-component-unsupported"]
    assert rules(field("number", decimalDigits="x")) == ["form-bound"]
    assert rules({"type": "group", "path": "v", "properties": {"map": "login"}, "components": []}) == ["form-map"]


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*b",
        r"(a)\1",
        "(?=a)b",
        "a*b*c*d",
        "a?" * 9,
        "[",
        "a" * 201,
        5,
        "(a{1,50}){2}",
        "(?:a*)*",
        "a{3,}" * 3,
        "^" + "[^x]{0,9}" * 8 + "[yz]",
        "[^x]{0,9}" * 3 + "[^x]*[^x]*[yz]",
        "^" + "(aa|a)" * 25 + "b",
        "^a|" + "b?" * 6 + "[^x]*[^x]*[yz]",
    ],
)
def test_a_pattern_that_may_run_long_is_found_and_not_used(pattern: Any) -> None:
    assert rules(field("textfield", validate={"pattern": pattern})) == ["form-pattern"]
    assert form(field("textfield", validate={"pattern": pattern})).fields[0].pattern is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d+$",
        "^[A-Z*+]{2}-[0-9]+$",
        "^(КЭС|КК)-\\d{4}$",
        r"^\+7\d{10}$",
        r"[^@]+@[^@]+\.[a-z]{2,6}",
        r"^\d{1,4}(\.| )\d{1,2}(\.| )\d{2}$",
    ],
)
def test_plain_patterns_are_used(pattern: str) -> None:
    assert form(field("textfield", validate={"pattern": pattern})).fields[0].pattern == pattern


def nest(depth: int) -> dict[str, Any]:
    """Write groups within groups."""
    part = field("textfield")
    for _ in range(depth):
        part = {"type": "group", "components": [part]}
    return part


def whole(**changes: Any) -> str:
    """Write a form with changes at the top."""
    return json.dumps({"type": "default", "schemaVersion": 16, "components": [], **changes})


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "[" * 100_000, whole(type="x"), whole(schemaVersion=15), whole(schemaVersion="16"),
        whole(components={}), whole(components=[1]), whole(components=[{}]), whole(components=[{"type": "group"}]),
        whole(components=[{"type": "dynamiclist", "path": "a", "label": "a"}]),
        whole(components=[field("number"), field("textfield")]),
        whole(components=[field("number"), field("number", "x.y")]),
        whole(components=[field("number", "x.y"), field("number")]), whole(components=[nest(9)]),
        whole(components=[field("number", f"x{n}") for n in range(1_001)]), " " * 1_000_001,
    ],
)  # fmt: skip
def test_another_file_is_refused(text: str) -> None:
    with pytest.raises(FormRefused):
        read_form(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["votes", "marks", "T01", "agenda", "accepted", "copies"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(JSON)
def test_any_json_is_judged_and_what_passes_can_be_taken_apart(data: Any) -> None:
    for one in (REGISTER, REVIEW, MEETING):
        if not one.check(data):
            assert one.mark_free_text(data, lambda text: text) == data
            assert one.read_back(one.mark_free_text(data, lambda text: [text]), lambda kept: kept[0]) == data
            assert set(one.variables(data)) <= {"accepted", "no_conflict"}

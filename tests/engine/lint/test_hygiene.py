import pytest
from lxml import etree

from engine.errors import DrawingError
from engine.lint import inspect_xml, read_xml
from engine.lint.hygiene import MAX_BYTES
from tests.engine.lint.pen import end, flows, node, service, start, text_of, user

CLEAN = text_of(start(), user("a"), end(), flows("start > a > end"))


def rules(content: str | bytes) -> set[str]:
    return {finding.rule for finding in inspect_xml(content)}


def test_a_clean_file_is_read() -> None:
    assert rules(CLEAN) == set()
    assert etree.QName(read_xml(CLEAN)).localname == "definitions"
    assert rules(b'\xef\xbb\xbf<?xml version="1.0" encoding="UTF-8"?>' + CLEAN.encode()) == set()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_doctype_forbidden"),
        ('<!doctype a SYSTEM "http://127.0.0.1/a.dtd"><a/>', "xml_doctype_forbidden"),
        ('<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>', "xml_doctype_forbidden"),
        ('<?xml-stylesheet href="http://127.0.0.1/x.xsl"?><a/>', "xml_instruction"),
        ("<a><?php system('ls')?></a>", "xml_instruction"),
        ('<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="x"/></a>', "xml_include"),
        (CLEAN.encode("utf-16"), "xml_encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?><a/>', "xml_encoding"),
        (b'<?xml version="1.0" encoding="windows-1251"?><a>\xe0</a>', "xml_encoding"),
        (b"<a>\0</a>", "xml_encoding"),
        ("<a><b></a>", "xml_readable"),
        ("", "xml_readable"),
        ("<a>&nowhere;</a>", "xml_readable"),
        ("<a>" * 70 + "</a>" * 70, "xml_depth"),
        ("<a>" * 100_000, "xml_readable"),
        ("<a>" + "<b/>" * 2_001 + "</a>", "xml_size"),
        ("<a>" + " " * MAX_BYTES + "</a>", "xml_size"),
        ('<a id="x y"/>', "identifier"),
        ('<a id="я"/>', "identifier"),
        ("<a id=\"x'or'1\"/>", "identifier"),
        (f'<a id="{"x" * 65}"/>', "identifier"),
    ],
)
def test_an_unclean_file_is_refused_by_name(content: str | bytes, rule: str) -> None:
    assert rule in rules(content)
    with pytest.raises(DrawingError) as refused:
        read_xml(content)
    assert refused.value.findings


def test_an_id_given_twice_is_refused() -> None:
    assert rules(text_of(node("task", "a"), node("task", "a"))) == {"identifier_unique"}


def test_operators_and_parameters_may_repeat() -> None:
    assert rules(text_of(service("a", x="1"), service("b", x="2"))) == set()


def test_the_sentence_names_the_remedy() -> None:
    (finding,) = inspect_xml("<!DOCTYPE a><a/>", "tables.dmn")
    assert finding.element == "tables.dmn"
    assert "удалите" in finding.message
    assert finding.to_line().startswith("error   tables.dmn: ")
    assert finding.to_json()["severity"] == "error"

import pytest
from flask import Flask

from handlers.downloads import attachment, disposition


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("programme.pdf", "attachment; filename=\"programme.pdf\"; filename*=UTF-8''programme.pdf"),
        (
            "договор.pdf",
            "attachment; filename=\"pdf\"; filename*=UTF-8''%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf",
        ),
        ("../../etc/passwd", "attachment; filename=\"etcpasswd\"; filename*=UTF-8''....etcpasswd"),
        ('a"b\r\nSet-Cookie: x', "attachment; filename=\"abSet-Cookie: x\"; filename*=UTF-8''abSet-Cookie%3A%20x"),
        ("\u202efdp.exe", "attachment; filename=\"fdp.exe\"; filename*=UTF-8''fdp.exe"),
        ("", "attachment; filename=\"file\"; filename*=UTF-8''file"),
    ],
)
def test_a_clients_name_is_shown_and_never_obeyed(name: str, header: str) -> None:
    assert disposition(name) == header


def test_an_attachment_is_never_opened_in_place() -> None:
    with Flask("test").app_context():
        answer = attachment(b"<script>", name="x.html", media_type="text/html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"

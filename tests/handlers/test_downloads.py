import hashlib
from pathlib import Path
from typing import BinaryIO

import pytest
from flask import Flask

from engine.errors import NotFoundError
from engine.files import CHUNK, FileStore
from handlers.downloads import attachment, disposition, hand_out


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("programme.pdf", "attachment; filename=\"programme.pdf\"; filename*=UTF-8''programme.pdf"),
        (
            "договор.pdf",
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%D0%B4%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80.pdf",
        ),
        ("../../etc/passwd", "attachment; filename=\"file.etcpasswd\"; filename*=UTF-8''....etcpasswd"),
        ('a"b\r\nSet-Cookie: x', "attachment; filename=\"abSet-Cookie: x\"; filename*=UTF-8''abSet-Cookie%3A%20x"),
        ("№ 7.docx", "attachment; filename=\"7.docx\"; filename*=UTF-8''%E2%84%96%207.docx"),
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


class Counted:
    """A stored file that counts what is asked of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.reads: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)

    def read(self, size: int = -1) -> bytes:
        found = self.stream.read(size)
        self.reads.append(len(found) if size >= 0 else -1)
        return found


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """50 MB on disk, without ever being whole in memory."""
    path = tmp_path / "large"
    with path.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
        out.seek(3 * CHUNK)
        out.write("в середине".encode())
    return path


def test_a_large_file_is_handed_out_piece_by_piece(store: FileStore, large: Path) -> None:
    with large.open("rb") as content:
        sha256, size = store.put(content)
    row = {"name": "Программа.pdf", "media_type": "application/pdf", "size": size, "sha256": sha256}
    counted = Counted(store.open(sha256))
    digest = hashlib.sha256()
    app = Flask("test")
    with app.test_request_context():
        answer = hand_out(row, counted)  # type: ignore[arg-type]
        assert answer.headers["Content-Length"] == str(size)
        assert answer.headers["Content-Disposition"].endswith(".pdf")
        for piece in answer.response:
            digest.update(piece)  # type: ignore[arg-type]
        answer.close()
    assert digest.hexdigest() == sha256
    assert len(counted.reads) == 51
    assert set(counted.reads) == {CHUNK, 0}
    assert counted.stream.closed
    with app.test_request_context(headers={"Range": f"bytes={3 * CHUNK}-{3 * CHUNK + 1}"}):
        part = hand_out(row, store.open(sha256))
        assert part.status_code == 206
        assert b"".join(part.response) == "в".encode()  # type: ignore[arg-type]
        assert part.headers["Content-Range"] == f"bytes {3 * CHUNK}-{3 * CHUNK + 1}/{size}"
        part.close()


def test_what_the_browser_has_is_not_sent_again(store: FileStore) -> None:
    sha256, size = store.put(b"content")
    row = {"name": "a.pdf", "media_type": "application/pdf", "size": size, "sha256": sha256}
    stream = store.open(sha256)
    with Flask("test").test_request_context(headers={"If-None-Match": f'"{sha256}"'}):
        assert hand_out(row, stream).status_code == 304
    assert stream.closed


def test_a_content_that_the_disk_does_not_give_is_told_as_a_file_that_is_not_there(store: FileStore) -> None:
    sha256, _size = store.put(b"content")
    store.path(sha256).unlink()
    store.path(sha256).symlink_to(store.path(sha256))
    with pytest.raises(NotFoundError, match="не читается"):
        store.open(sha256)


def test_a_damaged_content_is_not_handed_out(store: FileStore) -> None:
    sha256, _size = store.put(b"content")
    store.path(sha256).write_bytes(b"c0ntent")
    with pytest.raises(NotFoundError):
        store.open(sha256)
    with pytest.raises(NotFoundError):
        store.open("0" * 64)

"""Archives changed behind their maker's back."""

import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import orjson


def rewrite(
    backup: Path,
    changes: Mapping[str, bytes | None],
    added: Mapping[str, bytes] | None = None,
    *,
    is_listed: bool = False,
) -> None:
    """Change, leave out (None) or add members; `is_listed`: the manifest tells them as they are now."""
    with tarfile.open(backup) as archive:
        members = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    members = {name: changes.get(name, content) for name, content in members.items()} | dict(added or {})
    if is_listed:
        told = orjson.loads(members.pop("manifest.json") or b"")
        told["members"] = {name: hashlib.sha256(content or b"").hexdigest() for name, content in members.items()}
        members["manifest.json"] = orjson.dumps(told)
    with tarfile.open(backup, "w") as archive:
        for name, content in members.items():
            if content is not None:
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))

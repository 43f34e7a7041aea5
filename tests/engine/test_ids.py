"""Ids: what they are made of, and their order."""

from datetime import timedelta
from uuid import UUID

import pytest

from engine import ids
from engine.clock import wall
from engine.ids import new_id, uuid_of

BEFORE = "01a2048b-ed41-73aa-b9b2-5dda4c77ab82"


def test_an_id_tells_its_moment_and_eighty_bits_of_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = wall()
    monkeypatch.setattr(ids, "wall", lambda: moment)
    made = [new_id() for _ in range(2_000)]
    values = [uuid_of(identity).int for identity in made]
    assert {value >> 80 for value in values} == {int(moment.timestamp() * 1000)}
    for bit in range(80):
        assert 0 < sum(value >> bit & 1 for value in values) < len(values)
    assert len(set(made)) == len(made)
    assert {len(identity) for identity in made} == {26}
    assert set("".join(made)) == set("0123456789abcdefghjkmnpqrstvwxyz")


def test_ids_stand_in_the_order_they_were_made_and_after_those_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    start = wall()
    made = [BEFORE]
    for step in (0, 1, 31, 32, 1024, 10**6, 10**9, 10**12):
        monkeypatch.setattr(ids, "wall", lambda step=step: start + timedelta(milliseconds=step))
        made.append(new_id())
    assert made == sorted(made)


def test_a_format_that_wants_a_uuid_gets_the_same_bits() -> None:
    assert uuid_of(BEFORE) == UUID(BEFORE)
    assert uuid_of("01arz3ndektsv4rrffq69g5fav") == UUID("01563e3a-b5d3-d676-4c61-efb99302bd5b")
    assert uuid_of("7" + "z" * 25) == UUID(int=(1 << 128) - 1)
    for wrong in ("", "entry-1", "01arz3ndektsv4rrffq69g5fa!", "z" * 26):
        with pytest.raises(ValueError, match=r"."):
            uuid_of(wrong)

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.clock import wall
from engine.errors import InvalidError, NotFoundError
from handlers.accounts import access, begin_session, end_session, limits, passwords, records, sign_in
from handlers.accounts.access import find_session, find_token
from handlers.context import Context
from handlers.errors import TooManyError, UnauthorizedError

STRICT = limits.Limits(attempts=5, failures=2, failures_everywhere=4)


def check(context: Context, login: str, password: str, *, address: str = "10.0.0.1", later: int = 0) -> str:
    return access.check_password(
        context.runtime.database,
        login,
        password,
        address=address,
        wall=limits.window_of(wall()) + timedelta(seconds=later),
        rules=STRICT,
    )


def test_the_right_password_signs_in_and_every_wrong_one_sounds_the_same(context: Context) -> None:
    assert sign_in(context, "secretary", "demo", "10.0.0.1") == "secretary"
    messages = set()
    for login, password in (("secretary", "wrong"), ("nobody", "demo"), ("nobody", "")):
        with pytest.raises(UnauthorizedError) as caught:
            sign_in(context, login, password, "10.0.0.1")
        messages.add(caught.value.message)
    assert len(messages) == 1


def test_a_closed_login_is_refused_like_a_wrong_password(context: Context) -> None:
    with context.runtime.database.write() as connection:
        access.disable_user(connection, "chair")
    with pytest.raises(UnauthorizedError):
        sign_in(context, "chair", "demo", "10.0.0.1")
    with context.runtime.database.write() as connection, pytest.raises(NotFoundError):
        access.disable_user(connection, "nobody")


def test_an_account_of_the_demonstration_opens_only_in_a_demonstration(context: Context) -> None:
    with context.runtime.database.write() as connection:
        found = records.find_credential(connection, "chair")
        assert found is not None
        records.put_credential(connection, "chair", found["password_hash"], wall(), is_demo=True)
    assert sign_in(context, "chair", "demo", "10.0.0.1") == "chair"
    outside = Context(context.runtime, replace(context.settings, demo=False), context.find_actor)
    with pytest.raises(UnauthorizedError):
        sign_in(outside, "chair", "demo", "10.0.0.1")


def test_wrong_passwords_make_a_login_wait_out_the_minute_from_that_address_only(context: Context) -> None:
    for _ in range(2):
        with pytest.raises(UnauthorizedError):
            check(context, "chair", "wrong")
    with pytest.raises(TooManyError) as caught:
        check(context, "chair", "demo", later=20)
    assert caught.value.retry_after == 40
    assert check(context, "chair", "demo", address="10.0.0.2") == "chair"
    assert check(context, "chair", "demo", later=60) == "chair"


def test_an_address_has_so_many_attempts_a_minute_for_all_logins_together(context: Context) -> None:
    for _ in range(5):
        check(context, "admin", "demo")
    with pytest.raises(TooManyError):
        check(context, "chair", "demo")


def test_a_login_that_does_not_exist_is_counted_too(context: Context) -> None:
    for _ in range(2):
        with pytest.raises(UnauthorizedError):
            check(context, "nobody", "guess")
    with pytest.raises(TooManyError):
        check(context, "nobody", "guess")


def test_the_demo_lets_sixty_sign_ins_a_minute_pass_from_one_address() -> None:
    assert limits.DEMO.attempts >= 60


def test_a_session_ends_when_idle_when_old_and_when_closed(context: Context) -> None:
    secret = begin_session(context, "secretary")
    now = wall()
    with context.runtime.database.read() as connection:
        found = find_session(connection, secret, at=now)
        assert found is not None
        assert found.login == "secretary"
        assert not found.stale
        assert find_session(connection, secret, at=now + timedelta(minutes=31)) is None
        assert find_session(connection, secret + "x", at=now) is None
    with context.runtime.database.write() as connection:
        records.touch_session(connection, found.digest, now + timedelta(hours=12))
        assert find_session(connection, secret, at=now + timedelta(hours=12, minutes=1)) is None
    end_session(context, secret)
    with context.runtime.database.read() as connection:
        assert find_session(connection, secret, at=now) is None


def test_each_sign_in_gets_a_session_of_its_own(context: Context) -> None:
    assert begin_session(context, "chair") != begin_session(context, "chair")


def test_a_new_password_ends_every_session_and_token(context: Context) -> None:
    secret = begin_session(context, "chair")
    with context.runtime.database.write() as connection:
        token, _expires = access.issue_token(connection, "chair", at=wall())
        access.create_user(connection, "chair", "another long password", at=wall())
        assert find_session(connection, secret, at=wall()) is None
        assert find_token(connection, token, at=wall()) is None


def test_tokens_expire_on_wall_time_and_are_kept_as_digests_only(context: Context) -> None:
    with context.runtime.database.write() as connection:
        token, expires = access.issue_token(connection, "chair", at=wall())
        found = find_token(connection, token, at=wall())
        assert found is not None
        assert (found.login, found.kind, found.scopes) == ("chair", "person", frozenset())
        assert find_token(connection, token, at=expires) is None
        assert records.find_token(connection, access.digest_of(token)) is not None
        assert records.find_token(connection, token) is None


def test_an_integration_has_one_token_at_a_time_and_only_known_scopes(context: Context) -> None:
    with context.runtime.database.write() as connection:
        first = access.issue_integration_token(connection, "ministry-office", ["messages"], at=wall())
        second = access.issue_integration_token(connection, "ministry-office", ["messages"], at=wall())
        assert find_token(connection, first, at=wall()) is None
        found = find_token(connection, second, at=wall())
        assert found is not None
        assert (found.kind, found.scopes) == ("integration", frozenset({"messages"}))
        with pytest.raises(InvalidError, match="everything"):
            access.issue_integration_token(connection, "x", ["everything"], at=wall())


def test_a_password_has_twelve_characters_unless_it_is_a_demonstration() -> None:
    with pytest.raises(InvalidError):
        passwords.hash_password("eleven char")
    hashed = passwords.hash_password("demo", demo=True)
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not passwords.needs_rehash(hashed)
    assert passwords.verify_password(hashed, "demo")
    assert not passwords.verify_password(hashed, "Demo")
    assert not passwords.verify_password(None, "x")

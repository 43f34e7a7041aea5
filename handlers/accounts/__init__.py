"""People's logins: passwords, sessions, tokens and the limits on guessing.

Who a person is, and what they may do, stands in the council's records.
"""

from handlers.accounts.own import change_password, own_tokens, revoke_token
from handlers.accounts.signing_in import begin_session, end_session, grant_token, sign_in

__all__ = [
    "begin_session",
    "change_password",
    "end_session",
    "grant_token",
    "own_tokens",
    "revoke_token",
    "sign_in",
]

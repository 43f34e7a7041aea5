"""People's logins: passwords, sessions, tokens and the limits on guessing.

Who a person is, and what they may do, stands in the council's records.
"""

from handlers.accounts.signing_in import begin_session, end_session, grant_token, sign_in

__all__ = ["begin_session", "end_session", "grant_token", "sign_in"]

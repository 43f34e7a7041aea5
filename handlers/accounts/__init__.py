"""People's logins: passwords, sessions, tokens and the limits on guessing.

Who a person is, and what they may do, stands in the council's records.
"""

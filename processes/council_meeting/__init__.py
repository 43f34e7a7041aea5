"""Meetings of the council: agenda, quorum, open vote, protocol, ministry order (section 3; clauses 4.7, 4.8, 4.10)."""

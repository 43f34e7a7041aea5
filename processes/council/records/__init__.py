"""Tables of the council and the queries on them; the only SQL of this package."""

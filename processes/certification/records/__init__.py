"""Tables of the certification and the queries on them; the only SQL of this package."""

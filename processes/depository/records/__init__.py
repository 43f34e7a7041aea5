"""Tables of the depository and the queries on them; the only SQL of this package."""

"""The public depository of certified programmes: entries, 13 search fields, exports (clauses 4.11-4.15; annex 5)."""

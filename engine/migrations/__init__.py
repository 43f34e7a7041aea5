"""Alembic inside the engine: one dated file a change of the tables, applied in order by `kes migrate`."""

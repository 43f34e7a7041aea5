"""The engine's tables and the queries on them (SQLAlchemy Core); the only SQL of the engine."""

"""Commands of `kes`, a module a subject."""

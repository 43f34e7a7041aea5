"""The API (contract, section 3): one module a heading, one table of routes for all."""

"""The domain: one package a procedure, and what procedures share."""

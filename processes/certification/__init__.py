"""The certification of a programme: application, two reviews, decision, certificate, expiry (section 4)."""

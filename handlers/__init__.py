"""The doors: web, API and command line; they read, ask a use case, answer, and alone commit."""

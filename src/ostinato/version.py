"""The one place where the version stands; the packaging reads it from here."""

VERSION = "0.1.0"
RELEASED = "2026-11-30"
"""The day of that version, as in CITATION.cff."""

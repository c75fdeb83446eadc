"""Recordings of which the demonstration film is mixed; LICENCES.md says whose they are."""

"""Figures, tables, sentences and captions, read from results alone."""

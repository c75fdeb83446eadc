"""The greys, widths and sizes that the figures share; sizes in points.

Nothing is told apart by these greys alone: each kind has a place, a width, stripes or a mark of
its own, so that a photocopy and every kind of eye keep it.
"""

INK = "0.0"
SOFT_INK = "0.35"
RULE = "0.88"
BAND = "0.95"
STROKE_WIDTH = 2.2
THIN_WIDTH = 0.7
RULE_WIDTH = 0.5
TITLE_SIZE = 9.0
TEXT_SIZE = 7.5
SMALL_SIZE = 7.0
"""The least that is legible on paper."""
POINTS_PER_INCH = 72.0

"""
Does it go on where it had stopped?
===================================

How many transitions go on within so many seconds, and how many chance would give. The line that
is added is the tolerance of the study.
"""

from matplotlib.figure import Figure
from ostinato.report.figures import draw_continuation

import ostinato as ost

results = ost.read_results("../demo")
row = next(one for one in results.continuation if one.song_id == results.song("War of Freedom").id)
figure = Figure(figsize=(5, 3.4), layout="constrained")
ax = draw_continuation(figure.subplots(), row)
ax.axvline(5.0, linestyle=":", color="0.4")

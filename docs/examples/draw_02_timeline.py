"""
Timeline
========

Songs, singing and the kinds of speech in lanes under the scenes. The totals at the right are those
of the results.
"""

from ostinato.report.figures import timeline_figure

import ostinato as ost

results = ost.read_results("../demo")
figure = timeline_figure(results)

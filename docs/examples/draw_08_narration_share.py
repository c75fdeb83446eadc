"""
Narration as the film goes on
=============================

The share of narration up to each point of the film. The band is what undetermined speech leaves
open; it is no confidence interval.
"""

from ostinato.report.figures import narration_curve_figure

import ostinato as ost

results = ost.read_results("../demo")
figure = narration_curve_figure(results)

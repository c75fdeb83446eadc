"""
Would other choices give another verdict?
=========================================

Each claim, decided again under every combination of choices that was tried.
"""

from ostinato.report.figures import specifications_figure

import ostinato as ost

results = ost.read_results("../demo")
figure = specifications_figure(results)

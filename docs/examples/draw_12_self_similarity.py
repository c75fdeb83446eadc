"""
The film against itself
=======================

A stroke lies wherever the same part of a song is heard at two times.
"""

from ostinato.report.figures import self_similarity_figure

import ostinato as ost

results = ost.read_results("../demo")
figure = self_similarity_figure(results)

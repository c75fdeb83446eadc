"""
Passages that playings share
============================

An arc joins two playings that have a part of the song in common.
"""

from ostinato.report.figures import shared_passages_pages

import ostinato as ost

results = ost.read_results("../demo")
(figure,) = shared_passages_pages(results)

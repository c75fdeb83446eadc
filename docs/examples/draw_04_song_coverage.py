"""
How much of a song is heard
===========================

How often the film plays each second of the song.
"""

from ostinato.report.figures import song_coverage_pages

import ostinato as ost

results = ost.read_results("../demo")
(figure,) = song_coverage_pages(results)

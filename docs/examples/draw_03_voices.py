"""
Who speaks when
===============

A lane for each voice. Voices are distinguished by sound alone, and have no names unless the study
gives them.
"""

from ostinato.report.figures import voices_figure

import ostinato as ost

results = ost.read_results("../demo")
figure = voices_figure(results)

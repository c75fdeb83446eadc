"""
A cue before and after
======================

Two spectrograms of the same seconds: the film as it is, and without the song. The picture holds
levels and no sound.
"""

from pathlib import Path

from ostinato.report.figures import before_after_figure
from ostinato.results import read_picture

import ostinato as ost

results = ost.read_results("../demo")
figure = before_after_figure(results, picture=read_picture(Path("../demo")))

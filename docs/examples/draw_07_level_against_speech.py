"""
Louder than the speech?
=======================

The song's level less that of the speech with it, for each occurrence. Above 0 the song is the
louder.
"""

from ostinato.report.figures import song_over_speech_pages

import ostinato as ost

results = ost.read_results("../demo")
(figure,) = song_over_speech_pages(results)

"""
Repetition map
==============

Film time runs across, song time up. A song that plays on is a diagonal, and one that begins again
falls back to the bottom.
"""

from matplotlib.figure import Figure

import ostinato as ost

results = ost.read_results("../demo")
song = results.song("War of Freedom")
figure = Figure(figsize=(7, 2.6), layout="constrained")
ost.draw_repetition_map(
    figure.subplots(),
    results.occurrences_of(song),
    song=song,
    film_duration_s=results.film.duration_s,
    transitions=results.transitions_of(song),
    scenes=results.scenes,
)

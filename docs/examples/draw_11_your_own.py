"""
Something of your own
=====================

Every number of a figure is a row of a data frame, so that anything that draws frames can go on from
there: here, how long each occurrence lasts.
"""

from matplotlib.figure import Figure

import ostinato as ost

frame = ost.read_results("../demo").to_pandas()["occurrences"]
figure = Figure(figsize=(6, 2.6), layout="constrained")
ax = figure.subplots()
ax.bar(frame["id"], frame["film_end_s"] - frame["film_start_s"], color="0.5")
ax.set_xlabel("occurrence")
ax.set_ylabel("seconds")

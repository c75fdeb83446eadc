"""How long a frame of the review's drawing takes, and the script in it, in a real Chromium.

    OSTINATO_BROWSER=1 python benchmarks/review/frames.py

A film of three hours with 200 occurrences and 2,000 segments is panned and zoomed for some seconds.
It prints the median of frames, the median and the 95th percentile of the drawing's script in each,
and how much of the processor all script of the page took a frame, which a busy machine does not
change.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import Server, a_browser
from tests.browser.long_film import make_long_film

MOVE = """
async (how) => {
  const {desk} = ostinato;
  const frames = [];
  desk.show(0, desk.data.film.duration_s);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  ostinato.costs.length = 0;
  let before = performance.now();
  for (let i = 0; i < 300; i += 1) {
    if (how === 'zoom') desk.zoom(i % 100 < 50 ? 0.9 : 1 / 0.9, desk.data.film.duration_s / 3);
    if (how === 'pan') { if (i === 0) desk.show(0, 600); else desk.pan(0.02); }
    if (how === 'all') desk.tell('view');
    if (how === 'play') { desk.at += 1 / 60; desk.tell('at'); }
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - before);
    before = now;
  }
  return {frames, costs: [...ostinato.costs]};
}
"""


def script_s(metrics) -> float:  # noqa: ANN001 - of Playwright
    """Return how long the processor has run script of the page."""
    values = metrics.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in values if one["name"] == "ScriptDuration")


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as place:
        folder, cache = make_long_film(Path(place) / "film")
        server = Server("review", folder, "--cache", cache)
        try:
            with a_browser() as browser:
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(server.link)
                page.wait_for_selector("html[data-ready]")
                page.wait_for_function(
                    "() => ostinato.desk.data.sound.pictures.status === 'ready'", timeout=120_000
                )
                metrics = page.context.new_cdp_session(page)
                metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
                print("ms     frame, median   script, median   95th percentile   processor a frame")
                for how in ("all", "pan", "zoom", "play"):
                    before = script_s(metrics)
                    told = page.evaluate(MOVE, how)
                    each = 1000 * (script_s(metrics) - before) / len(told["frames"])
                    frames, costs = (np.array(told[name]) for name in ("frames", "costs"))
                    row = (np.median(frames), np.median(costs), np.percentile(costs, 95))
                    print(f"{how:6} {row[0]:13.1f} {row[1]:16.2f} {row[2]:17.2f} {each:19.2f}")
        finally:
            server.kill()


if __name__ == "__main__":
    main()

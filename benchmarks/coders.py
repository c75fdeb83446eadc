"""Whether kappa's interval keeps its promise: ``python benchmarks/coders.py [--films N]``.

Two coders of one skill label segments that are drawn from scenes. In half of the rows scenes are
alike; in the others they differ in how much is narrated and in how carefully they are coded
(correlation .2 within a scene). Coverage is that of the intervals that are given: where both only
ever say one thing there is none. Nothing is asserted.
"""

import argparse
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ostinato.measures import MeasureParameters
from ostinato.measures.agreement import agreement

KAPPAS, SHARES, N_SEGMENTS = (0.2, 0.5, 0.8, 0.95), (0.05, 0.2, 0.5), (20, 40, 100, 300)
LIKENESS = 0.2
Codes = NDArray[np.int64]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--films", type=int, default=300, help="simulated for each row")
    n_films = parser.parse_args().films
    print("| scenes | share | kappa | segments | coverage | width | no interval |")
    print("|---|---|---|---|---|---|---|")
    for scenes, share, kappa, n in product(("alike", "unlike"), SHARES, KAPPAS, N_SEGMENTS):
        rows = []
        for film in range(n_films):
            rng = np.random.default_rng([film, n, round(100 * share), round(100 * kappa)])
            one, other, blocks = _coded(kappa, share, n, rng, is_alike=scenes == "alike")
            parameters = MeasureParameters(seed=film, n_resamples=1000)
            found = agreement(one, other, blocks=blocks, parameters=parameters)
            if found.low is not None:
                rows.append((found.low <= kappa <= found.high, found.high - found.low))
        coverage, width = np.mean(np.array(rows, float), axis=0)
        print(
            f"| {scenes} | {share} | {kappa} | {n} | {coverage:.3f} | {width:.2f} "
            f"| {1 - len(rows) / n_films:.2f} |",
            flush=True,
        )


def _coded(
    kappa: float, share: float, n: int, rng: np.random.Generator, *, is_alike: bool
) -> tuple[Codes, Codes, Codes]:
    """Let the other see what the one sees with probability kappa, else anything."""
    n_scenes = int(np.clip(n // 5, 6, 30))
    care, narrates = np.full(n_scenes, kappa), np.full(n_scenes, share)
    if not is_alike:
        odds = (1 - LIKENESS) / LIKENESS
        care, narrates = (rng.beta(odds * p, odds * (1 - p), n_scenes) for p in (kappa, share))
    scenes = np.sort(rng.choice(n_scenes, n, p=rng.dirichlet(np.full(n_scenes, 3.0))))
    same = rng.random(n) < care[scenes]
    one = rng.random(n) < np.where(same, narrates[scenes], share)
    other = np.where(same, one, rng.random(n) < share)
    return one.astype(np.int64), other.astype(np.int64), scenes.astype(np.int64)


if __name__ == "__main__":
    main()

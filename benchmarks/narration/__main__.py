"""How well narration is told from dialogue: ``python benchmarks/narration [CORPUS] [--work DIR]``.

Films are made of recorded voices as `films` says, two for tuning and two, of other voices, rooms,
scenes and songs, to report; one more is close-miked talk in which nobody narrates. Each is analysed
as ``ostinato analyze`` does; then labels are drawn at random as ``ostinato label`` does, ten times,
filled in from the truth, and taken over. Scores are of the segments without a label: balanced
accuracy of what is decided, share that is not, and the calibration error of the probabilities in
ten bins, pooled over films and draws.

*Naive* is one classifier for all films, taught by every segment of the tuning films and deciding
always: what must not be shipped. *True voices* gives each segment the name of who speaks. Nothing
is asserted. Films are kept in DIR.
"""

import argparse
import dataclasses
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from films import REPORTED, TUNING, make, make_conversation
from numpy.typing import NDArray
from scipy.special import expit

from ostinato.measures import draw_sample, take_over
from ostinato.pipeline import analyze, with_predictions
from ostinato.results import Results, SampledLabel, SpeechSegment, decode_results, encode_results
from ostinato.speech import ClassifierParameters
from ostinato.speech.classifier.fit import fit_logistic
from ostinato.speech.classifier.predict import features
from ostinato.study import Study

N_LABELS = (0, 20, 60, 100, 200)
N_DRAWS = 10
N_BINS = 10
PARAMETERS = ClassifierParameters()


@dataclasses.dataclass(frozen=True, slots=True)
class Analysed:
    """A film as the program finds it, and what is true of each of its segments."""

    name: str
    results: Results
    kinds: tuple[str | None, ...]
    voices: tuple[str | None, ...]

    def with_true_voices(self) -> "Analysed":
        """Return the same with the name of who speaks most of each segment."""
        speech = tuple(
            dataclasses.replace(segment, voice=voice)
            for segment, voice in zip(self.results.speech, self.voices, strict=True)
        )
        return dataclasses.replace(self, results=dataclasses.replace(self.results, speech=speech))


@dataclasses.dataclass(frozen=True, slots=True)
class Scored:
    """Opinions on segments without a label, and the truth; 1 narration, -1 dialogue, 0 open."""

    p: NDArray[np.float64]
    said: NDArray[np.int64]
    truth: NDArray[np.int64]


def main() -> None:
    """Make the films, analyse them and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--work", type=Path, help="where films and working copies are kept")
    parser.add_argument("--tuning", action="store_true", help="score the tuning films instead")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = arguments.work or Path(folder)
        tuning = [analysed(cast, arguments.corpus, work) for cast in TUNING]
        shown = tuning
        if not arguments.tuning:
            shown = [analysed(cast, arguments.corpus, work) for cast in REPORTED]
        print_films(shown)
        print_scores(tuning, shown)
        talk = analysed(None, arguments.corpus, work)
        print_conversation(tuning, talk)


def analysed(cast, corpus: Path, work: Path) -> Analysed:  # noqa: ANN001 - a Cast or None
    """Make a film, unless it is there, and analyse it; of the cache only what is missing."""
    name = "conversation" if cast is None else cast.name
    path, kept = work / f"{name}.m4a", work / f"{name}.json"
    if kept.exists():
        truth = decode_results(kept.read_bytes())
    else:
        maker = make_conversation if cast is None else make
        arguments = (corpus, work) if cast is None else (cast, corpus, work)
        path, truth = maker(*arguments, cache_dir=work / "cache")
        kept.write_bytes(encode_results(truth))
    results = analyze(Study(film=path, stages=("speech",)), cache_dir=work / "cache")
    results = dataclasses.replace(results, scenes=truth.scenes)
    owners = [owner(segment, truth.speech) for segment in results.speech]
    return Analysed(
        name,
        results,
        tuple(None if one is None else one.kind for one in owners),
        tuple(None if one is None else one.voice for one in owners),
    )


def owner(segment: SpeechSegment, truth: Sequence[SpeechSegment]) -> SpeechSegment | None:
    """Return what most of a segment is, None if nobody speaks in it."""
    seconds: dict[str, float] = {}
    of_kind: dict[str, SpeechSegment] = {}
    for one in truth:
        shared = one.interval.intersection(segment.interval)
        if shared is not None:
            seconds[one.kind] = seconds.get(one.kind, 0.0) + shared.duration_s
            if shared.duration_s >= seconds[one.kind] / 2:
                of_kind[one.kind] = one
    return of_kind[max(seconds, key=lambda kind: seconds[kind])] if seconds else None


def code(kind: str | None) -> int:
    """Return 1 for narration, -1 for dialogue, 0 for neither."""
    return {"narration": 1, "dialogue": -1}.get(kind or "", 0)


def taught(film: Analysed, n_labels: int, seed: int) -> Scored:
    """Label a random sample by the truth, and score what is said of the rest."""
    speech = film.results.speech
    sample: tuple[SampledLabel, ...] = ()
    if n_labels:
        drawn = draw_sample(
            speech,
            n_labels,
            film_duration_s=film.results.film.duration_s,
            rng=np.random.default_rng(seed),
        )
        true_kind = {s.start_s: k for s, k in zip(speech, film.kinds, strict=True)}
        sample = tuple(
            dataclasses.replace(one, kind=true_kind[one.start_s] or "undetermined") for one in drawn
        )
    told = with_predictions(take_over(speech, sample), sample, film.results.scenes, PARAMETERS)
    rows = [
        (segment.p_narration, code(segment.kind), code(kind))
        for segment, kind in zip(told.speech, film.kinds, strict=True)
        if segment.decided_by != "label" and kind is not None
    ]
    p, said, truth = (np.array(column) for column in zip(*rows, strict=True))
    return Scored(p, said, truth)


def naive(tuning: Sequence[Analysed], film: Analysed) -> Scored:
    """Let one classifier for all films decide every segment."""
    x = np.vstack([features(one.results.speech) for one in tuning])
    y = np.array([code(kind) for one in tuning for kind in one.kinds])
    model = fit_logistic(x[y != 0], y[y != 0] > 0, penalty=10.0)
    p = expit(model.log_odds(features(film.results.speech)))
    truth = np.array([code(kind) for kind in film.kinds])
    return Scored(p[truth != 0], np.where(p > 0.5, 1, -1)[truth != 0], truth[truth != 0])  # noqa: PLR2004


def print_films(films: Sequence[Analysed]) -> None:
    """Print what the films are."""
    print(f"{'film':<14}{'minutes':>9}{'segments':>10}{'narration':>11}")
    for film in films:
        share = np.mean([code(kind) == 1 for kind in film.kinds])
        minutes = film.results.film.duration_s / 60
        print(f"{film.name:<14}{minutes:>9.1f}{len(film.kinds):>10}{share:>11.2f}")


def print_scores(tuning: Sequence[Analysed], films: Sequence[Analysed]) -> None:
    """Print scores by number of labels."""
    columns = ("balanced accuracy", "narration found", "dialogue found", "abstained", "calibration")
    print(f"\n{'':<28}" + "".join(f"{name:>19}" for name in columns))
    print_row("naive", [naive(tuning, film) for film in films])
    for voices in ("voices as found", "true voices"):
        shown = films if voices == "voices as found" else [f.with_true_voices() for f in films]
        for n_labels in N_LABELS:
            draws = range(N_DRAWS if n_labels else 1)
            scored = [taught(film, n_labels, seed) for film in shown for seed in draws]
            print_row(f"{voices}, {n_labels} labels", scored)


def print_row(name: str, scored: Sequence[Scored]) -> None:
    """Print means over films and draws; calibration is that of all probabilities together."""
    rates = [rate for one in scored if (rate := rates_of(one)) is not None]
    found = np.mean(rates, axis=0) if rates else (None, None)
    abstained = np.mean([(one.said == 0).mean() for one in scored])
    balanced = None if not rates else float(np.mean(found))
    p, truth = (np.concatenate([getattr(one, f) for one in scored]) for f in ("p", "truth"))
    values = (balanced, *found, abstained, calibration_error(p, truth > 0))
    print(f"{name:<28}" + "".join(f"{'-' if v is None else f'{v:.3f}':>19}" for v in values))


def rates_of(one: Scored) -> tuple[float, float] | None:
    """Return the share of decided segments of each kind that is right."""
    kinds = [(one.truth == kind) & (one.said != 0) for kind in (1, -1)]
    if not all(is_kind.any() for is_kind in kinds):
        return None
    narration, dialogue = (
        float((one.said[is_kind] == kind).mean())
        for is_kind, kind in zip(kinds, (1, -1), strict=True)
    )
    return narration, dialogue


def calibration_error(p: NDArray[np.float64], is_narration: NDArray[np.bool_]) -> float:
    """Mean distance of probabilities from what came true, in bins of a tenth."""
    bins = np.minimum((p * N_BINS).astype(int), N_BINS - 1)
    return float(
        sum(
            abs(p[bins == k].mean() - is_narration[bins == k].mean()) * (bins == k).mean()
            for k in np.unique(bins)
        )
    )


def print_conversation(tuning: Sequence[Analysed], talk: Analysed) -> None:
    """Print how much of a film without narration is taken for narration."""
    lengths_s = np.array([s.interval.duration_s for s in talk.results.speech])
    decided = np.array([s.kind == "narration" for s in talk.results.speech])
    one = naive(tuning, talk)
    print(f"\nclose-miked talk, nobody narrates: {lengths_s.sum() / 60:.1f} minutes of speech")
    print(f"decided narration, no label: {(decided * lengths_s).sum() / lengths_s.sum():.1%}")
    print(f"the naive classifier says narration: {(one.said == 1).mean():.1%} of segments")
    for n_labels, said in labelled_conversations(talk):
        print(f"decided narration, {n_labels} labels, all dialogue: {said:.1%}")


def labelled_conversations(talk: Analysed) -> Iterator[tuple[int, float]]:
    """Give how much is decided narration where labels know only dialogue."""
    for n_labels in N_LABELS[1:]:
        yield n_labels, float((taught(talk, n_labels, 0).said == 1).mean())


if __name__ == "__main__":
    main()

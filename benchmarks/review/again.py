"""What it costs to take the measures again after an edit of a review.

    python benchmarks/review/again.py

A film of three hours with 200 occurrences and 2,000 segments, of which 286 have a label and a
classifier decides the rest, is edited five times, as the page does it: the robustness of claims is
left for later. It prints the seconds of processor that each edit took. The records are made up; no
sound is read.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.long_film import RATE_HZ, results_of
from tests.review.test_edits import entries_of

from ostinato.measures import ALL_QUESTIONS, MeasureParameters, measured
from ostinato.pipeline import measured_again, measured_with_labels
from ostinato.results import Results, SampledLabel, Stage
from ostinato.review import give_kind, reject_occurrence, state_of

FILM_S = 3 * 3600
STAGES = ("cues", "speech")
EVERY = 7  # segment has a label
COLUMNS = ("level_re_film_db", "late_decay_db_s", "side_to_mid_db", "noise_floor_re_speech_db")
_PLAIN = msgspec.json.decode, msgspec.json.encode


def _as_recorded(value: object) -> object:
    decode, encode = _PLAIN
    return decode(encode(value))


def the_film() -> Results:
    """Return a film with evidence, labels, claims and all measures."""
    copy = SimpleNamespace(
        n_samples=FILM_S * RATE_HZ,
        rate_hz=RATE_HZ,
        duration_s=FILM_S,
        sha256="a" * 64,
        pcm_sha256="b" * 64,
    )
    made = results_of(copy)
    rng = np.random.default_rng(0)
    speech, labels = [], []
    for n, one in enumerate(made.speech):
        is_narration = bool(rng.random() < 0.3)  # noqa: PLR2004 - three in ten
        evidence = {name: float(rng.normal(2 * is_narration, 2)) for name in COLUMNS}
        speech.append(
            replace(one, kind="undetermined", p_narration=None, decided_by=None, evidence=evidence)
        )
        if n % EVERY == 0:
            kind = "narration" if is_narration else "dialogue"
            labels.append(
                SampledLabel(
                    start_s=one.start_s,
                    end_s=one.end_s,
                    predicted="undetermined",
                    kind=kind,
                    stratum="film",
                    p_inclusion=1 / EVERY,
                )
            )
    parameters = {
        "measures": _as_recorded(MeasureParameters()),
        "claims": _as_recorded(ALL_QUESTIONS),
    }
    stages = tuple(Stage(name=name, seconds=0.0, cached=False) for name in STAGES)
    run = replace(made.run, parameters=parameters, stages=stages)
    film = measured(
        replace(made, run=run, speech=tuple(speech)),
        parameters=MeasureParameters(),
        stages=STAGES,
        questions=ALL_QUESTIONS,
        robust="later",
    )
    return measured_with_labels(film, labels)


def main() -> None:
    """Edit a film, and say what each edit cost."""
    film = the_film()
    edits, before = [], None
    for what, edit in (
        ("an occurrence is rejected", reject_occurrence(film.occurrences[3], film)),
        ("another one", reject_occurrence(film.occurrences[10], film)),
        ("a segment is given a kind", give_kind(film.speech[5], "narration")),
        ("another one", give_kind(film.speech[9], "dialogue")),
        ("an occurrence is rejected", reject_occurrence(film.occurrences[20], film)),
    ):
        edits.append(edit)
        started_s = time.process_time()
        state = state_of(entries_of(*edits))
        before = measured_again(film, state, before=before, robustness="later")
        print(f"{what}: {time.process_time() - started_s:.2f} s of processor", flush=True)


if __name__ == "__main__":
    main()

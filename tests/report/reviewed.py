"""A film of which a person has heard every find, and a random sample of the rest."""

from dataclasses import replace

import msgspec
import numpy as np
from tests.conftest import an_occurrence
from tests.review.reviewing import SONGS, a_film
from tests.review.test_edits import entries_of

from ostinato.measures import ALL_QUESTIONS, MeasureParameters, draw_finds, measured
from ostinato.pipeline import measured_again
from ostinato.results import Stage
from ostinato.review import (
    accept_occurrence,
    add_occurrence,
    draw_scene,
    give_kind,
    judge,
    move_occurrence,
    name_voice,
    reject_occurrence,
    state_of,
)

PARAMETERS = MeasureParameters(n_draws=999, n_resamples=200)
STAGES = ("cues", "speech")


def _program():
    """Twelve occurrences of one song, which go on, and one of another that is none."""
    film = a_film()
    occurrences = (
        *(
            an_occurrence(f"O{n}", f"P{n}", (40.0 * n, 40.0 * n + 12), 12.0 * n)
            for n in range(1, 13)
        ),
        an_occurrence("O13", "P13", (560.0, 570.0), 20.0, song_id="S2"),
    )
    parameters = {"measures": PARAMETERS, "claims": ALL_QUESTIONS}
    run = replace(
        film.run,
        parameters={
            name: msgspec.json.decode(msgspec.json.encode(one)) for name, one in parameters.items()
        },
        stages=tuple(Stage(name=name, seconds=0.0, cached=False) for name in STAGES),
    )
    return measured(
        replace(film, run=run, occurrences=occurrences),
        parameters=PARAMETERS,
        stages=STAGES,
        questions=ALL_QUESTIONS,
    )


def reviewed_film():
    """Eleven are confirmed, one is moved and one added; one of another song is rejected."""
    program = _program()
    *kept, moved, stranger = program.occurrences
    drawn = draw_finds(program, 40, seed=1, rng=np.random.default_rng(1))
    heard = {"find": "heard", "faint": "cannot tell", "none": "not heard"}
    edits = (
        *(accept_occurrence(one, program) for one in kept),
        move_occurrence(moved, program, start_s=moved.film_start_s + 1, end_s=moved.film_end_s),
        add_occurrence(SONGS[0], 10.0, 22.0),
        reject_occurrence(stranger, program),
        give_kind(program.speech[0], "narration"),
        name_voice(program.voices[0], program, name="The narrator", narrates=True),
        draw_scene("The bar", 0.0, 300.0, story="I"),
        *(judge(piece, heard[piece.stratum]) for piece in drawn.drawn),
    )
    return measured_again(program, state_of(entries_of(*edits)), finds=drawn)

import os
import re
from importlib.resources import files
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import settings

from ostinato.results import (
    FILM,
    Film,
    Occurrence,
    Ratio,
    Results,
    Run,
    Scene,
    Song,
    SongVoice,
    SpeechSegment,
    Stage,
    Transition,
)
from ostinato.simulate import PlannedSong, recordings

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def an_occurrence(occurrence_id, playing_id, film, song_start_s, **changes):
    """One occurrence of S1 at speed 1; `changes` override any field."""
    fields = {
        "id": occurrence_id,
        "song_id": "S1",
        "playing_id": playing_id,
        "film_start_s": film[0],
        "film_end_s": film[1],
        "song_start_s": song_start_s,
        "song_end_s": song_start_s + film[1] - film[0],
        "speed": 1.0,
        "pitch": None,
        "score": 31.5,
        "p_value": 1e-12,
        "level_lufs": -28.0,
        "level_re_speech_lu": -6.0,
        "low_hz": 120.0,
        "high_hz": 3900.0,
    }
    return Occurrence(**{**fields, **changes})


@pytest.fixture(scope="session")
def some_results():
    """Ten minutes of a film in which one song stops, goes on, and restarts."""
    return Results(
        film=Film(
            name="film.mka",
            edition="a disc, 重慶森林",
            sha256="0" * 64,
            pcm_sha256="1" * 64,
            duration_s=600.0,
            start_s=0.0,
            sample_rate_hz=48000,
            channels=2,
            stream=0,
            loudness_lufs=-24.0,
        ),
        songs=(
            Song(id="S1", title="夢中人", sha256="2" * 64, pcm_sha256="3" * 64, duration_s=162.0),
            Song(id="S2", title="Never heard", sha256="4" * 64, pcm_sha256="5" * 64, duration_s=90),
        ),
        scenes=(
            Scene(name="the bar", start_s=0.0, end_s=290.0, story="one"),
            Scene(name="the counter", start_s=290.0, end_s=600.0, story="two"),
        ),
        occurrences=(
            an_occurrence("O1", "P1", (60.0, 90.0), 0.0, scene="the bar"),
            an_occurrence("O2", "P2", (300.0, 330.0), 30.5, scene="the counter"),
            an_occurrence("O3", "P2", (340.0, 350.0), 70.5, scene="the counter"),
            an_occurrence("O4", "P3", (500.0, 520.0), 0.0, rivals_song_s=(80.0,)),
        ),
        transitions=(
            Transition(
                song_id="S1",
                from_id="O1",
                to_id="O2",
                gap_s=0.5,
                film_gap_s=210.0,
                continues=True,
            ),
            Transition(
                song_id="S1",
                from_id="O3",
                to_id="O4",
                gap_s=-80.5,
                film_gap_s=150.0,
                continues=False,
            ),
        ),
        speech=(
            SpeechSegment(
                id="T1",
                start_s=10.0,
                end_s=20.0,
                kind="narration",
                p_narration=1.0,
                decided_by="label",
                voice=None,
                evidence={"activity": 0.97},
            ),
            SpeechSegment(
                id="T2",
                start_s=305.0,
                end_s=325.0,
                kind="dialogue",
                p_narration=0.0,
                decided_by="subtitles",
                voice=None,
            ),
            SpeechSegment(
                id="T3",
                start_s=400.0,
                end_s=405.0,
                kind="undetermined",
                p_narration=None,
                decided_by=None,
                voice=None,
            ),
        ),
        songs_voice=(SongVoice(start_s=62.0, end_s=88.0),),
        ratio=(
            Ratio(
                scope=FILM,
                narration_s=10.0,
                dialogue_s=20.0,
                undetermined_s=5.0,
                ratio=0.5,
                share=1 / 3,
                low=10 / 35,
                high=15 / 35,
                method="range that the undetermined speech leaves",
                n_labels=1,
                ratio_low=0.4,
                ratio_high=0.75,
            ),
        ),
        run=Run(
            version="0.1.0",
            parameters={"cues": {"max_speed_error": 0.06}},
            stages=(Stage(name="cues", seconds=12.5, cached=False),),
            platform="any",
            started_at="1994-07-14T00:00:00+00:00",
            peak_rss_mb=None,
        ),
    )


@pytest.fixture(scope="session")
def shipped():
    """The folder of the recordings that the package carries."""
    return Path(str(files(recordings)))


@pytest.fixture(scope="session")
def working_copies(tmp_path_factory):
    """Shared by the session: each recording is decoded once."""
    return tmp_path_factory.mktemp("copies")


@pytest.fixture(scope="session")
def song(shipped):
    return PlannedSong(id="S1", title="War of Freedom", path=shipped / "war-of-freedom.opus")


def pytest_collection_modifyitems(items):
    """Compare pictures under the pinned matplotlib alone: another draws letters differently."""
    pins = (Path(__file__).parents[1] / "constraints.txt").read_text(encoding="utf-8")
    pinned = re.search(r"^matplotlib==(.+)$", pins, flags=re.MULTILINE)[1]
    if mpl.__version__ == pinned:
        return
    reason = f"the baselines were drawn with matplotlib {pinned}, not {mpl.__version__}"
    for item in items:
        if item.get_closest_marker("mpl_image_compare"):
            item.add_marker(pytest.mark.skip(reason=reason))

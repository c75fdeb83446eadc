import numpy as np
import pytest

from ostinato.cues import CueParameters, find_occurrences, name_playings, write_track
from ostinato.cues.spectral import SpectralParameters
from ostinato.media import open_working_copy
from ostinato.simulate import FilmPlan, PlannedSong, PlannedSpeech, make_film

# what is played as recorded needs no search at every tempo and pitch
AS_RECORDED = CueParameters(
    speeds=(1.0,), spectral=SpectralParameters(tempo_steps=1, pitch_steps=1, speed_steps=0)
)


@pytest.fixture(scope="session")
def talk(shipped):
    """Somebody reads from 0.5 s on, for as long as wanted."""

    def planned(duration_s):
        return tuple(
            PlannedSpeech(
                path=shipped / "sonnet.opus",
                film_start_s=start_s,
                kind="narration",
                end_s=min(40.0, duration_s - start_s - 0.5),
            )
            for start_s in np.arange(0.5, duration_s - 2.0, 40.5).tolist()
        )

    return planned


@pytest.fixture(scope="session")
def film_with(tmp_path_factory, working_copies, song, talk):
    """Make a film in which somebody talks throughout; the truth, the film, and its track."""

    def made(*occurrences, duration_s, songs=(song,), **how):
        folder = tmp_path_factory.mktemp("film")
        plan = FilmPlan(
            duration_s=duration_s,
            songs=songs,
            speech=talk(duration_s),
            occurrences=occurrences,
        )
        truth = make_film(plan, folder / "film.mka", cache_dir=working_copies, **how)
        film = open_working_copy(folder / "film.mka", cache_dir=working_copies)
        return truth.occurrences, film, write_track(folder / "track.f32", film)

    return made


@pytest.fixture(scope="session")
def heard_in(working_copies):
    """Find a song in a film."""

    def found(film, track, of, *, parameters=AS_RECORDED):
        reference = open_working_copy(of.path, cache_dir=working_copies)
        cues = find_occurrences(film, track, reference, song_id=of.id, parameters=parameters)
        return name_playings(cues.occurrences)

    return found


@pytest.fixture(scope="session")
def search(film_with, heard_in, song):
    """Make a film in which somebody talks throughout; the truth of a song, and what is found."""

    def searched(*occurrences, of=song, parameters=AS_RECORDED, **how):
        truth, film, track = film_with(*occurrences, **how)
        return truth, heard_in(film, track, of, parameters=parameters)

    return searched


@pytest.fixture(scope="session")
def other_song(shipped):
    return PlannedSong(id="S2", title="Feelings", path=shipped / "feelings.opus")

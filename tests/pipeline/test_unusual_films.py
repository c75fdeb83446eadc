import numpy as np
import pytest
import soundfile as sf
import soxr
from av import AudioLayout
from tests.media.conftest import write_media
from tests.small_films import RATE_HZ, SECOND_S, TALK_S, a_clip, a_song, samples

from ostinato.study import SongFile
from ostinato.timeline import Interval, Timeline


def titled(path):
    return SongFile(title="A jingle", path=path)


def found(results):
    return [(one.film_start_s, one.film_end_s) for one in results.occurrences]


def heard_s(results, where):
    speech = Timeline.of(segment.interval for segment in results.speech)
    return (speech & Timeline((Interval(*where),))).duration_s


def in_channels(bar, name, codec, *, rate_hz, layout, channels, **how):
    """Write mono parts into channels of a film; the others stay silent."""
    y = np.zeros((AudioLayout(layout).nb_channels, round(40 * rate_hz)))
    for channel, part in channels:
        y[channel] += soxr.resample(part, RATE_HZ, rate_hz)[: y.shape[1]]
    return write_media(bar.path(name), [y], codec, sample_rate_hz=rate_hz, layout=layout, **how)


@pytest.fixture
def parts():
    """The talk and the song of the bar's film, apart."""
    talk, song = np.zeros(40 * RATE_HZ), np.zeros(40 * RATE_HZ)
    talk[samples(TALK_S)] = 0.06 * a_clip("talk.opus")[: 8 * RATE_HZ]
    song[samples(SECOND_S)] = 0.03 * a_song(duration_s=20, seed=1)[: round(9.5 * RATE_HZ)]
    return talk, song


@pytest.mark.parametrize(
    ("file", "sound"),
    [
        (("telephone.wav", "pcm_s16le"), (8000, "mono")),
        (("master.wav", "pcm_s24le"), (192_000, "stereo")),
        (("disc.mka", "ac3"), (48_000, "5.1(side)")),
        (("disc.flac", "flac"), (48_000, "7.1")),
    ],
)
def test_talk_in_the_middle_and_a_song_on_the_right_are_found(run, bar, parts, file, sound):
    rate_hz, layout = sound
    speakers = [channel.name for channel in AudioLayout(layout).channels]
    talk_in = speakers.index("FC") if "FC" in speakers else 0
    channels = zip((talk_in, len(speakers) - 1), parts, strict=True)
    film = in_channels(bar, *file, rate_hz=rate_hz, layout=layout, channels=channels)
    results = run(film=film)
    assert found(results) == [pytest.approx(SECOND_S, abs=0.1)]
    assert heard_s(results, TALK_S) > 5.0
    assert heard_s(results, (11.0, 40.0)) == 0.0
    assert results.film.channels == len(speakers)


def test_a_film_whose_sound_starts_after_ten_minutes_keeps_the_players_clock(bar, run, parts):
    talk, song = parts
    film = in_channels(
        bar,
        "late.mkv",
        "flac",
        rate_hz=RATE_HZ,
        layout="mono",
        channels=[(0, talk), (0, song)],
        shifts=[lambda _: 600.0],
    )
    results = run(film=film)
    late = tuple(600 + at_s for at_s in SECOND_S)
    assert results.film.start_s == pytest.approx(600.0, abs=1e-3)
    assert found(results) == [pytest.approx(late, abs=0.1)]
    assert heard_s(results, tuple(600 + at_s for at_s in TALK_S)) > 5.0


@pytest.mark.parametrize("film_duration_s", [0.5, 3.0])
def test_a_film_of_a_moment_has_results(bar, run, film_duration_s):
    y, _ = sf.read(bar.film)
    first = round(13 * RATE_HZ)
    sf.write(bar.path("moment.wav"), y[first:][: round(film_duration_s * RATE_HZ)], RATE_HZ)
    sf.write(bar.path("jingle.wav"), 0.2 * a_song(duration_s=1.5, seed=9), RATE_HZ)
    jingle = bar.path("jingle.wav")
    results = run(film=bar.path("moment.wav"), songs=(titled(jingle),))
    assert results.film.duration_s == film_duration_s
    assert found(results) == []


def test_a_jingle_of_three_seconds_is_found(bar, run):
    y, _ = sf.read(bar.song)
    sf.write(bar.path("jingle.wav"), y[: 3 * RATE_HZ], RATE_HZ)
    (one,) = run(songs=(titled(bar.path("jingle.wav")),), stages=("cues",)).occurrences
    assert (one.film_start_s, one.film_end_s) == pytest.approx((12.0, 15.0), abs=0.1)

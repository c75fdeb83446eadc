import itertools

import numpy as np
import pytest
import soxr
from scipy.signal import correlate

from ostinato.dsp.loudness import lufs, slot_energies, start_loudness
from ostinato.errors import ParameterError
from ostinato.media import open_working_copy
from ostinato.results import TimeMap
from ostinato.simulate import (
    Bed,
    Dropout,
    Duck,
    Fade,
    Level,
    PlannedSong,
    PlannedSpeech,
    Radio,
    decaying_room,
)

RATE_HZ = 48_000
ONE_SAMPLE_S = 1 / 44_100  # times are moved to samples of film and song


def level_of(y, start_s, end_s):
    """Ungated level of a stretch, in LUFS."""
    state = start_loudness(sample_rate_hz=RATE_HZ, n_channels=y.shape[0])
    slots, _ = slot_energies(y, state)
    return float(lufs(slots.sum(axis=0)[round(start_s * 10) : round(end_s * 10)].mean()))


def lag_s(film_y, song, truth, *, working_copies, lead_s=0.2):
    """How late the film has what the truth says of the middle of an occurrence."""
    copy = open_working_copy(song.path, cache_dir=working_copies)
    middle_s = (truth.film_start_s + truth.film_end_s) / 2
    start = round(truth.time_map.song_s(middle_s) * copy.rate_hz)
    reference = soxr.resample(
        copy.mono(start, start + copy.rate_hz),
        copy.rate_hz * truth.speed,
        RATE_HZ,
    )
    first = round((middle_s - lead_s) * RATE_HZ)
    heard = film_y.mean(axis=0)[first : first + reference.size + round(2 * lead_s * RATE_HZ)]
    strength = np.abs(correlate(heard, reference, mode="valid", method="fft"))
    return int(np.argmax(strength)) / RATE_HZ - lead_s


@pytest.mark.parametrize("speed", [1.0, 25 / 24, 24 / 25])
def test_the_song_lies_where_the_truth_says(stem_of, an_occurrence, song, working_copies, speed):
    truth, stem = stem_of(an_occurrence(speed=speed, film_start_s=3.00071, song_start_s=20.1234))
    (one,) = truth.occurrences
    assert abs(one.film_start_s - 3.00071) < ONE_SAMPLE_S
    assert abs(one.song_start_s - 20.1234) < ONE_SAMPLE_S
    assert abs(lag_s(stem, song, one, working_copies=working_copies)) < 0.001
    assert np.abs(stem[:, : round(3.0 * RATE_HZ)]).max() == 0
    assert np.abs(stem[:, round(7.01 * RATE_HZ) :]).max() == 0


def test_a_radio_in_a_room_is_heard_when_its_direct_sound_arrives(
    stem_of, an_occurrence, song, working_copies, rng
):
    room = decaying_room(decay_s=0.5, direct_to_reverberant_db=3.0, sample_rate_hz=RATE_HZ, rng=rng)
    truth, stem = stem_of(an_occurrence(chain=(Radio(drive=0.0), room)))
    (one,) = truth.occurrences
    assert abs(lag_s(stem, song, one, working_copies=working_copies)) < 0.001
    assert (one.film_start_s, one.film_end_s) == (3.0, 7.0)
    assert np.abs(stem[:, round(7.1 * RATE_HZ) : round(7.3 * RATE_HZ)]).max() > 0  # it rings on


@pytest.mark.parametrize("speed", [1.0, 0.9])
def test_song_time_obeys_the_map(filmed, a_plan, an_occurrence, speed):
    truth, _ = filmed(a_plan(occurrences=(an_occurrence(speed=speed, chain=(Fade(in_s=1.0),)),)))
    (one,) = truth.occurrences
    planned = TimeMap(3.0 - 20.0 / speed, speed)
    assert one.song_start_s == pytest.approx(planned.song_s(one.film_start_s), abs=1e-9)
    assert one.song_end_s == pytest.approx(planned.song_s(one.film_end_s), abs=1e-9)


@pytest.mark.parametrize("chain", [(), (Radio(),), (Duck(),)], ids=["clean", "radio", "ducked"])
def test_a_song_is_as_loud_as_planned(stem_of, an_occurrence, chain):
    truth, stem = stem_of(an_occurrence(level=Level(-27.0), chain=chain))
    assert level_of(stem, 3.0, 7.0) == pytest.approx(-27.0, abs=0.1)
    assert truth.occurrences[0].level_lufs == pytest.approx(-27.0, abs=0.1)


def test_a_level_re_speech_is_taken_while_both_are_heard(stem_of, an_occurrence, filmed, a_plan):
    truth, stem = stem_of(an_occurrence(level=Level(-5.0, "speech")))
    _, speech = filmed(a_plan())
    talk = [s.interval for s in truth.speech if s.start_s < 7.0 and s.end_s > 3.0]
    within = np.zeros(120, bool)
    for stretch in talk:
        within[round(stretch.start_s * 10) : round(stretch.end_s * 10)] = True
    within[:30] = within[70:] = False
    slots = [
        slot_energies(y, start_loudness(sample_rate_hz=RATE_HZ, n_channels=2))[0].sum(axis=0)
        for y in (stem, speech)
    ]
    song_lufs, speech_lufs = (float(lufs(energies[within].mean())) for energies in slots)
    assert song_lufs - speech_lufs == pytest.approx(-5.0, abs=0.5)
    assert truth.occurrences[0].level_re_speech_lu == pytest.approx(-5.0, abs=0.01)


def test_a_level_re_bed_is_above_the_bed(stem_of, an_occurrence, shipped):
    bed = Bed(path=shipped / "rumble.opus", film_start_s=0.0, film_end_s=12.0, level=Level(-35.0))
    _, stem = stem_of(an_occurrence(level=Level(6.0, "bed")), beds=(bed,))
    assert level_of(stem, 3.0, 7.0) == pytest.approx(-29.0, abs=1.0)  # the bed swells and ebbs


def test_what_fades_counts_from_where_it_is_within_20_db(filmed, a_plan, an_occurrence):
    chain = (Fade(in_s=1.0, out_s=2.0),)
    truth, _ = filmed(a_plan(occurrences=(an_occurrence(chain=chain),)))
    (one,) = truth.occurrences
    reach = np.arccos(1 - 2 * 0.1) / np.pi  # of half a cosine, at a tenth of its height
    assert one.film_start_s == pytest.approx(3.0 + reach, abs=1e-3)
    assert one.film_end_s == pytest.approx(7.0 - 2 * reach, abs=1e-3)


def test_a_dropout_leaves_two_occurrences_of_one_playing(stem_of, an_occurrence):
    truth, stem = stem_of(an_occurrence(chain=(Dropout(start_s=1.0, end_s=2.5),)))
    first, second = truth.occurrences
    assert first.playing_id == second.playing_id
    assert (first.film_end_s, second.film_start_s) == pytest.approx((4.0, 5.5), abs=0.003)
    assert second.song_start_s == pytest.approx(22.5, abs=0.003)
    silence = stem[:, round(4.01 * RATE_HZ) : round(5.49 * RATE_HZ)]
    assert np.abs(silence).max() < 2 / 2**15  # of 16 bits, only the rounding differs


def test_a_song_that_restarts_is_another_playing(filmed, a_plan, an_occurrence):
    truth, _ = filmed(
        a_plan(
            occurrences=(
                an_occurrence(film_start_s=8.0, duration_s=2.0),
                an_occurrence(duration_s=2.0),
            )
        )
    )
    assert [(o.id, o.playing_id, o.film_start_s) for o in truth.occurrences] == [
        ("O1", "P1", 3.0),
        ("O2", "P2", 8.0),
    ]


def test_speech_is_true_phrase_by_phrase(filmed, a_plan, shipped):
    line = PlannedSpeech(
        path=shipped / "it-conf-onlyperson.opus",
        film_start_s=9.0,
        kind="dialogue",
        voice="it",
        level_lufs=-30.0,
    )
    plan = a_plan()
    truth, y = filmed(a_plan(speech=(*plan.speech, line)))
    *narration, dialogue = truth.speech
    assert {s.kind for s in narration} == {"narration"}
    assert (dialogue.kind, dialogue.voice, dialogue.start_s) == ("dialogue", "it", 9.0)
    assert all(a.end_s + 0.3 <= b.start_s for a, b in itertools.pairwise(narration))
    assert level_of(y, dialogue.start_s, dialogue.end_s) == pytest.approx(-30.0, abs=0.5)


def test_a_bed_goes_on_without_a_seam_and_makes_way_for_the_narrator(filmed, a_plan, shipped):
    bed = Bed(
        path=shipped / "wind.opus",
        film_start_s=0.5,
        film_end_s=11.5,
        level=Level(-30.0),
        duck=Duck(depth_db=20.0, ramp_s=0.1),
    )
    _, alone = filmed(a_plan(speech=(), beds=(bed,)))
    assert level_of(alone, 0.5, 11.5) == pytest.approx(-30.0, abs=1.0)
    momentary = [level_of(alone, start_s, start_s + 1.0) for start_s in range(1, 11)]
    assert max(momentary) - min(momentary) < 8.0
    _, under = filmed(a_plan(beds=(bed,)))
    _, speech = filmed(a_plan())
    ducked = under - speech
    assert level_of(ducked, 2.0, 3.0) == pytest.approx(level_of(alone, 2.0, 3.0) - 20.0, abs=0.5)


@pytest.mark.parametrize("channels", [1, 2])
def test_films_are_mono_or_stereo(filmed, a_plan, an_occurrence, channels):
    truth, y = filmed(a_plan(channels=channels, occurrences=(an_occurrence(),)))
    assert y.shape == (channels, 12 * RATE_HZ)
    assert truth.film.channels == channels


def test_the_same_plan_is_the_same_film(filmed, a_plan, an_occurrence):
    plan = a_plan(occurrences=(an_occurrence(chain=(Radio(),)),))
    first, y = filmed(plan)
    second, again = filmed(plan, name="again.flac")
    np.testing.assert_array_equal(y, again)
    assert first.film.pcm_sha256 == second.film.pcm_sha256
    assert first.occurrences == second.occurrences


def test_a_film_that_is_too_loud_is_scaled_and_its_truth_with_it(filmed, a_plan, an_occurrence):
    truth, y = filmed(a_plan(speech=(), occurrences=(an_occurrence(level=Level(3.0)),)))
    assert np.abs(y).max() == pytest.approx(0.89, abs=1e-3)
    assert truth.occurrences[0].level_lufs == pytest.approx(level_of(y, 3.0, 7.0), abs=0.1)


def test_a_song_that_never_occurs_is_among_the_songs(filmed, a_plan, song, shipped):
    other = PlannedSong(id="S2", title="Feelings", path=shipped / "feelings.opus")
    truth, _ = filmed(a_plan(songs=(song, other)))
    assert [s.title for s in truth.songs] == ["War of Freedom", "Feelings"]
    assert truth.occurrences == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"song_start_s": 123.0}, "the song ends at 125.00 s"),
        ({"film_start_s": 10.5, "duration_s": 1.0, "level": Level(0.0, "speech")}, "there is none"),
        ({"level": Level(0.0, "bed")}, "there is none"),
        ({"chain": (Dropout(start_s=0.0, end_s=4.0),)}, "nothing of it audible"),
    ],
)
def test_what_the_recordings_do_not_hold_is_refused(filmed, a_plan, an_occurrence, change, message):
    with pytest.raises(ParameterError, match=message):
        filmed(a_plan(occurrences=(an_occurrence(**change),)))


def test_speech_that_outlasts_the_film_is_refused(filmed, a_plan):
    with pytest.raises(ParameterError, match="after the film"):
        filmed(a_plan(duration_s=5.0))

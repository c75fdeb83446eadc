import math

import av
import numpy as np
import pytest

from ostinato.media.downmix import kept_channels, mix, mixing_matrix

HALF_POWER = math.sqrt(0.5)
SURROUND = ("FL", "FR", "FC", "LFE", "SL", "SR")
KEPT = ("left", "right", "centre", "side")


def heard_of(speaker, speakers=SURROUND, kept=KEPT):
    """How much of one loudspeaker's signal each kept channel holds."""
    y = np.zeros((len(speakers), 1), dtype=np.float32)
    y[speakers.index(speaker)] = 1
    mixed = mix(y, mixing_matrix(speakers, kept))
    return dict(zip(kept, mixed[:, 0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("speaker", "expected"),
    [  # ITU-R BS.775-3, table 2
        ("FL", (1, 0, 0, 0)),
        ("FR", (0, 1, 0, 0)),
        ("FC", (HALF_POWER, HALF_POWER, 1, 0)),
        ("SL", (HALF_POWER, 0, 0, 1)),
        ("SR", (0, HALF_POWER, 0, 1)),
        ("LFE", (0, 0, 0, 0)),
    ],
)
def test_every_loudspeaker_enters_as_the_standard_says(speaker, expected):
    assert tuple(heard_of(speaker).values()) == pytest.approx(expected)


def test_the_film_without_its_centre_can_be_had_from_the_copy():
    heard = heard_of("FC")
    assert heard["left"] + heard["right"] - math.sqrt(2) * heard["centre"] == pytest.approx(
        0, abs=1e-6
    )


def test_a_stereo_film_passes_through_to_the_bit():
    y = np.random.default_rng(0).standard_normal((2, 999)).astype(np.float32)
    kept = kept_channels(("FL", "FR"))
    np.testing.assert_array_equal(mix(y, mixing_matrix(("FL", "FR"), kept)), y)


def test_a_single_rear_loudspeaker_is_heard_on_both_sides():
    heard = heard_of("BC", ("FL", "FR", "FC", "BC"))
    assert (heard["left"], heard["right"], heard["side"]) == (0.5, 0.5, 1.0)


def test_a_stereo_advertisement_in_a_surround_film_has_no_centre():
    assert heard_of("FL", ("FL", "FR")) == {"left": 1, "right": 0, "centre": 0, "side": 0}


def test_a_mono_newsreel_in_a_stereo_film_is_heard_on_both_sides():
    assert heard_of("FC", ("FC",), ("left", "right")) == {"left": 1, "right": 1}


def test_a_stereo_stretch_of_a_mono_film_is_heard_as_its_mean():
    assert heard_of("FR", ("FL", "FR"), ("mono",)) == {"mono": 0.5}


def test_six_channels_without_names_are_taken_in_the_usual_order():
    nameless = tuple(channel.name for channel in av.AudioLayout("6 channels").channels)
    assert kept_channels(nameless) == KEPT
    assert mixing_matrix(nameless, KEPT) == mixing_matrix(SURROUND, KEPT)


def test_channels_that_nobody_can_place_are_heard_from_the_middle():
    assert kept_channels(("NONE",) * 11) == ("left", "right")
    assert mixing_matrix(("NONE",) * 11, ("left", "right")) == ((0.5,) * 11,) * 2


@pytest.mark.parametrize("codec", ["aac", "pcm_s16le"])  # planar and interleaved samples
def test_each_of_eight_channels_lands_in_its_place(make_film, tracks_of, codec):
    at_s = {name: 0.25 + 0.25 * i for i, name in enumerate(("FL", "FR", "FC", "LFE", "BL", "SR"))}
    path = make_film("film.mov", codec, at_s=at_s, layout="7.1")
    heard_s = tracks_of(path)
    assert heard_s["centre"] == pytest.approx([at_s["FC"]], abs=1e-3)
    assert heard_s["side"] == pytest.approx([at_s["BL"], at_s["SR"]], abs=1e-3)
    assert heard_s["left"] == pytest.approx([at_s["FL"], at_s["FC"], at_s["BL"]], abs=1e-3)
    assert heard_s["right"] == pytest.approx([at_s["FR"], at_s["FC"], at_s["SR"]], abs=1e-3)

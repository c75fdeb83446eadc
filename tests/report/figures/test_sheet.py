import re
from importlib import resources
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from ostinato.errors import ParameterError
from ostinato.report.figures import SONG_COLOURS, sheet_of

# Machado, Oliveira and Fernandes, 2009, severity 1, for linear RGB
EYES = {
    "all": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def linear(colour):
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lightness(rgb):
    return 116 * np.cbrt(np.clip(rgb, 0, 1) @ [0.2126, 0.7152, 0.0722]) - 16


def test_songs_keep_apart_on_a_photocopy_and_on_white_paper():
    values = [lightness(linear(colour)) for colour in SONG_COLOURS]
    assert min(abs(a - b) for a, b in combinations(values, 2)) > 6
    assert max(values) < 63  # 3 to 1 against white


@pytest.mark.parametrize("eye", EYES)
def test_songs_keep_apart_for_each_kind_of_eye(eye):
    values = [lightness(EYES[eye] @ linear(colour)) for colour in SONG_COLOURS]
    seen = [EYES[eye] @ linear(colour) for colour in SONG_COLOURS]
    for (a, one), (b, other) in combinations(zip(values, seen, strict=True), 2):
        assert abs(a - b) > 2 or np.abs(one - other).max() > 0.1


def test_a_song_has_the_same_colour_on_the_page():
    css = resources.files("ostinato.report.page").joinpath("page.css").read_text(encoding="utf-8")
    light = re.findall(r"--s\d: (#\w{6});", css)[: len(SONG_COLOURS)]
    assert tuple(light) == SONG_COLOURS


@pytest.mark.parametrize(("width", "palette"), [("poster", "colour"), ("page", "pink")])
def test_a_width_or_a_palette_that_is_none_is_refused(width, palette):
    with pytest.raises(ParameterError, match=r"figures are not drawn so\. Choose from"):
        sheet_of(width, palette=palette)


def test_the_ninth_song_has_the_first_colour_again():
    sheet = sheet_of("page")
    assert sheet.colour(8) == sheet.colour(0)
    assert sheet_of("page", palette="grey").colour(3) == "0.0"

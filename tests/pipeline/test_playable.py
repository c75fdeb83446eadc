import io
from dataclasses import replace

import numpy as np
import pytest
import soundfile as sf
from tests.report.examples import an_occurrence

from ostinato.errors import StudyError
from ostinato.pipeline import playable_excerpts

RATE_HZ = 44100


@pytest.fixture
def stems(tmp_path):
    """Forty seconds in which the song is heard from 5 to 30 s."""
    folder = tmp_path / "stems"
    folder.mkdir()
    t = np.arange(40 * RATE_HZ) / RATE_HZ
    song = 0.2 * np.sin(2 * np.pi * 440 * t) * ((t > 5) & (t < 30))
    for name, y in (("S1", song), ("remainder", 0.05 * np.sin(2 * np.pi * 1000 * t))):
        sf.write(folder / f"{name}.flac", np.stack([y, y], axis=1), RATE_HZ)
    return folder


def test_an_excerpt_is_short_mono_and_what_the_film_plays(stems, some_results):
    one = an_occurrence(film_start_s=5.0, film_end_s=30.0, song_end_s=25.0)
    results = replace(some_results, occurrences=(one,), song_levels=())
    (excerpt,) = playable_excerpts(stems.parent / "stems", results, stems=list(stems.iterdir()))
    assert one.film_start_s <= excerpt.start_s
    assert excerpt.end_s <= one.film_end_s
    assert excerpt.interval.duration_s == pytest.approx(10.0)
    y, rate_hz = sf.read(io.BytesIO(excerpt.data), always_2d=True)
    assert y.shape[1] == 1
    assert len(y) / rate_hz == pytest.approx(10.0, abs=0.2)
    assert len(excerpt.data) < 150_000
    spectrum = np.abs(np.fft.rfft(y[:, 0]))
    hz = np.fft.rfftfreq(len(y), 1 / rate_hz)
    assert hz[np.argmax(spectrum)] == pytest.approx(440, abs=2)
    assert spectrum[np.abs(hz - 1000) < 5].max() > 0.1 * spectrum.max()


def test_without_stems_it_is_said_how_to_get_them(tmp_path, some_results):
    with pytest.raises(StudyError, match=r"the stems are not there\. Analyse again with --stems"):
        playable_excerpts(tmp_path / "stems", some_results, stems=[])

"""The demonstration on disk: a film and all that a study of it needs, and the truth beside it."""

import math
import shutil
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pysubs2

from ostinato.results import Results, SpeechSegment, encode_results, write_atomically
from ostinato.simulate import recordings
from ostinato.simulate.encode import Encoding
from ostinato.simulate.film import make_film
from ostinato.simulate.plan import FilmPlan
from ostinato.simulate.screenplay import demo_plan, subtitle_texts

__all__ = ["STUDY_NAME", "TRUTH_NAME", "write_demo"]

FILM_NAME, STUDY_NAME, TRUTH_NAME = "film.mka", "study.toml", "truth.json"
DEMO_NAMES = (FILM_NAME, STUDY_NAME, TRUTH_NAME, "scenes.tsv", "film.srt", "LICENCES.md")
_ENCODING = Encoding(codec="ac3", bit_rate=192_000)  # what many a disc has
_LINGER_S = 0.4  # subtitles stay on screen a little longer than the speech lasts


def write_demo(folder: Path, *, cache_dir: Path, rng: np.random.Generator) -> Results:
    """Write the demonstration into a folder, ready to be analysed.

    Parameters
    ----------
    folder : pathlib.Path
        Exists; files of the same names are replaced.
    cache_dir : pathlib.Path
        Where working copies are kept.
    rng : numpy.random.Generator
        Draws the reflections of the film's rooms.

    Returns
    -------
    Results
        The truth, as written to `truth.json`.

    Raises
    ------
    MediaError
        If a file cannot be written.
    """
    with as_file(files(recordings)) as source:
        plan = demo_plan(source, rng=rng)
        truth = make_film(plan, folder / FILM_NAME, cache_dir=cache_dir, encoding=_ENCODING)
        for song in plan.songs:
            shutil.copyfile(song.path, folder / song.path.name)
        shutil.copyfile(source / "LICENCES.md", folder / "LICENCES.md")
    contents = {
        STUDY_NAME: _study(plan),
        "scenes.tsv": _scenes(plan),
        "film.srt": _subtitles(truth.speech),
    }
    for name, text in contents.items():
        write_atomically(folder / name, text.encode())
    write_atomically(folder / TRUTH_NAME, encode_results(truth))
    return truth


def _study(plan: FilmPlan) -> str:
    songs = "".join(
        f'[[songs]]\ntitle = "{song.title}"\npath = "{song.path.name}"\n\n' for song in plan.songs
    )
    return (
        f'[film]\npath = "{FILM_NAME}"\ntitle = "The Square and the Window"\n'
        'director = "The Ostinato developers"\ndirector_family = "The Ostinato developers"\n'
        'year = 2026\ndistributor = "Ostinato"\n'
        f'edition = "demonstration, mixed by Ostinato"\n\n{songs}'
        '[annotations]\nsubtitles = "film.srt"\nscenes = "scenes.tsv"\n\n'
        + "\n".join(f'[[claims]]\nid = "C{n}"\n' for n in range(1, 9))
    )


def _scenes(plan: FilmPlan) -> str:
    rows = [
        "\t".join(
            (str(scene.start_s), str(scene.end_s), scene.name, scene.story or "", scene.day or "")
        )
        for scene in plan.scenes
    ]
    return "\n".join(["start\tend\tname\tstory\tday", *rows]) + "\n"


def _subtitles(speech: tuple[SpeechSegment, ...]) -> str:
    """Write SubRip, the narrator in italics and with a tag, as is the custom."""
    subtitles = pysubs2.SSAFile()
    texts = subtitle_texts()
    starts_s = [start_s for start_s, _ in texts]
    for (start_s, text), next_s in zip(texts, [*starts_s[1:], math.inf], strict=True):
        phrases = [phrase for phrase in speech if start_s <= phrase.start_s < next_s]
        if text is not None:
            subtitles.extend(_cues(phrases, text))
    return subtitles.to_string("srt")


def _cues(phrases: Sequence[SpeechSegment], text: str) -> Iterator[pysubs2.SSAEvent]:
    """Yield one cue a line, each as long as its share of the letters."""
    lines = text.split("\n")
    shares = np.cumsum([0, *map(len, lines)]) / sum(map(len, lines))
    first_s, last_s = phrases[0].start_s, phrases[-1].end_s + _LINGER_S
    times_s = first_s + shares * (last_s - first_s)
    for line, start_s, end_s in zip(lines, times_s[:-1], times_s[1:], strict=True):
        yield pysubs2.SSAEvent(
            start=round(1000 * start_s),
            end=round(1000 * end_s),
            text=f"{{\\i1}}(V.O.) {line}{{\\i0}}" if phrases[0].kind == "narration" else line,
        )

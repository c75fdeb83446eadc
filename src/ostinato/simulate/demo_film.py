"""The demonstration film: what it holds, and the files of a study of it.

A song comes back on a radio, through a wall and in the open, each time where it had stopped, and
at the end from its beginning. A narrator reads, and three voices talk to each other in languages
that they do not share. Some of what they say has no subtitles.
"""

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pysubs2

from ostinato.results import Results, Scene, SpeechSegment, encode_results, write_atomically
from ostinato.simulate import recordings
from ostinato.simulate.chain import Duck, Fade, Radio, Step, decaying_room
from ostinato.simulate.encode import Encoding
from ostinato.simulate.film_plan import (
    Bed,
    FilmPlan,
    Level,
    PlannedOccurrence,
    PlannedSong,
    PlannedSpeech,
)
from ostinato.simulate.mix import make_film

FILM_NAME, STUDY_NAME, TRUTH_NAME = "film.mka", "study.toml", "truth.json"
DEMO_NAMES = (FILM_NAME, STUDY_NAME, TRUTH_NAME, "scenes.tsv", "film.srt", "LICENCES.md")
_ENCODING = Encoding(codec="ac3", bit_rate=192_000)  # what many a disc has
_LINGER_S = 0.4  # subtitles stay on screen a little longer than the speech lasts
DURATION_S = 360.0
_RATE_HZ = 48_000
_SONGS = {"S1": ("War of Freedom", "war-of-freedom"), "S2": ("Feelings", "feelings")}
_RECORDED = (
    'performer = "Carlos Viola Iborra"\n'
    'release = "fretsonfire-songs-sectoid (Debian)"\n'
    "year = 2007\n"
)
_LEAD = "War of Freedom"
_CLAIMS: tuple[tuple[str, str | None], ...] = (
    ("“War of Freedom” is played again and again.", _LEAD),
    ("Each time another part of “War of Freedom” is heard.", _LEAD),
    ("“War of Freedom” goes on from where it had stopped, the next day too.", _LEAD),
    ("“War of Freedom” is louder than the talk that it accompanies.", _LEAD),
    ("Narration takes the place of dialogue.", None),
    ("Narration is used most at the beginning.", None),
    ("The characters talk to themselves.", None),
    ("“War of Freedom” returns at even intervals.", _LEAD),
)
"""What an essay on the film might say of its sound, and of which song."""
_SCENES = (
    Scene(name="the square", start_s=0.0, end_s=58.0, story="one", day="Monday"),
    Scene(name="the window", start_s=58.0, end_s=96.0, story="one", day="Monday"),
    Scene(name="the hall", start_s=96.0, end_s=146.0, story="one", day="Tuesday"),
    Scene(name="the exchange", start_s=146.0, end_s=198.0, story="two", day="Tuesday"),
    Scene(name="the stairs", start_s=198.0, end_s=270.0, story="two", day="Wednesday"),
    Scene(name="the square again", start_s=270.0, end_s=360.0, story="two", day="Thursday"),
)


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
        f'[[songs]]\ntitle = "{song.title}"\npath = "{song.path.name}"\n{_RECORDED}\n'
        for song in plan.songs
    )
    claims = "\n".join(_claim(n, *said) for n, said in enumerate(_CLAIMS, start=1))
    return (
        f'[film]\npath = "{FILM_NAME}"\ntitle = "The Square and the Window"\n'
        'director = "The Ostinato developers"\ndirector_family = "The Ostinato developers"\n'
        'year = 2026\ndistributor = "Ostinato"\n'
        f'edition = "demonstration, mixed by Ostinato"\n\n{songs}'
        f'[annotations]\nsubtitles = "film.srt"\nscenes = "scenes.tsv"\n\n{claims}'
    )


def _claim(n: int, statement: str, song: str | None) -> str:
    about = "" if song is None else f'song = "{song}"\n'
    return f'[[claims]]\nid = "C{n}"\nstatement = "{statement}"\n{about}'


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


@dataclass(frozen=True, slots=True)
class _Line:
    """Film time, recording, and what the subtitles say; None where there are none."""

    film_start_s: float
    recording: str
    text: str | None


@dataclass(frozen=True, slots=True)
class _Verse:
    """Film time, and a part of the reading; narration."""

    film_start_s: float
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True)
class _Cue:
    """Which song, from where in the film and in the song, how long, how loud, through what."""

    song_id: str
    film_start_s: float
    duration_s: float
    song_start_s: float
    level: Level
    chain: str


_CUES = (
    _Cue("S1", 20.0, 18.0, 0.0, Level(-3.0, "speech"), "radio"),
    _Cue("S1", 60.0, 20.0, 18.0, Level(-9.0, "speech"), "ducked"),
    _Cue("S1", 100.0, 18.0, 38.5, Level(-4.0, "speech"), "hall"),
    _Cue("S2", 122.0, 16.0, 0.0, Level(-26.0), "faded"),
    _Cue("S1", 150.0, 16.0, 56.5, Level(-5.0, "speech"), "radio in a hall"),
    _Cue("S1", 200.0, 20.0, 72.0, Level(-10.0, "speech"), "clean"),
    _Cue("S1", 250.0, 18.0, 93.0, Level(-24.0), "faded"),
    _Cue("S2", 285.0, 18.0, 16.0, Level(-6.0, "speech"), "clean"),
    _Cue("S1", 322.0, 22.0, 0.0, Level(-25.0), "clean"),
)
_VERSES = (
    _Verse(
        4.0,
        0.0,
        12.75,
        "From fairest creatures we desire increase,\n"
        "That thereby beauty's rose might never die,\n"
        "But as the riper should by time decease,\n"
        "His tender heir might bear his memory:",
    ),
    _Verse(
        64.0,
        12.75,
        25.45,
        "But thou, contracted to thine own bright eyes,\n"
        "Feed'st thy light's flame with self-substantial fuel,\n"
        "Making a famine where abundance lies,\n"
        "Thyself thy foe, to thy sweet self too cruel.",
    ),
    _Verse(
        176.0,
        25.45,
        42.2,
        "Thou that art now the world's fresh ornament\n"
        "And only herald to the gaudy spring,\n"
        "Within thine own bud buriest thy content\n"
        "And, tender churl, mak'st waste in niggarding.",
    ),
    _Verse(
        346.0,
        42.2,
        50.65,
        "Pity the world, or else this glutton be,\nTo eat the world's due, by the grave and thee.",
    ),
)
_LINES = (
    _Line(24.0, "it-pls-hold-while-try", "Please wait while I try to find them."),
    _Line(27.5, "fr-sorry", "I am sorry."),
    _Line(32.7, "it-conf-waitforleader", "It begins when the leader is here."),
    _Line(40.0, "es-conf-placeintoconf", "I shall take you in with the others."),
    _Line(43.5, "it-conf-onlyperson", "You are the only one here."),
    _Line(48.0, "fr-conf-otherinparty", None),
    _Line(102.0, "fr-demo-nogo", "I am afraid that nobody can be reached."),
    _Line(112.2, "es-confbridge-only-participant", "Then there is nobody here but you."),
    _Line(139.0, "fr-feature-not-avail-line", None),
    _Line(152.0, "it-agent-alreadyon", "But you are here already. Your number, please."),
    _Line(158.8, "es-no-recording", "There is nothing on the tape."),
    _Line(162.0, "it-privacy-incorrect", "That is not the number."),
    _Line(202.0, "es-demo-nomatch", "Nothing here bears that name. Try another."),
    _Line(208.0, "it-check-number-dial-again", "Look at the number and try once more."),
    _Line(211.5, "es-dir-nomore", "There are no more of that name."),
    _Line(216.4, "fr-info-about-last-call", None),
    _Line(225.0, "it-priv-callpending", "Somebody is waiting outside."),
    _Line(228.5, "fr-agent-pass", "And the word?"),
    _Line(286.0, "es-conf-leaderhasleft", "The leader has gone."),
    _Line(289.5, "it-conf-leaderhasleft", "The leader has gone."),
    _Line(292.5, "fr-dir-nomatch", "Nobody has that name."),
    _Line(296.0, "es-confbridge-unmuted", None),
)


def demo_plan(folder: Path, *, rng: np.random.Generator) -> FilmPlan:
    """Plan the demonstration film."""
    hall = decaying_room(
        decay_s=0.9, direct_to_reverberant_db=2.0, sample_rate_hz=_RATE_HZ, rng=rng
    )
    kitchen = decaying_room(
        decay_s=0.35, direct_to_reverberant_db=6.0, sample_rate_hz=_RATE_HZ, rng=rng
    )
    chains: dict[str, tuple[Step, ...]] = {
        "clean": (),
        "faded": (Fade(in_s=1.0, out_s=2.0),),
        "ducked": (Duck(depth_db=10.0, under=("narration",)),),
        "radio": (Radio(),),
        "hall": (hall,),
        "radio in a hall": (Radio(), hall),
    }
    return FilmPlan(
        duration_s=DURATION_S,
        songs=tuple(
            PlannedSong(id=song_id, title=title, path=folder / f"{name}.opus")
            for song_id, (title, name) in _SONGS.items()
        ),
        occurrences=tuple(
            PlannedOccurrence(
                song_id=cue.song_id,
                film_start_s=cue.film_start_s,
                duration_s=cue.duration_s,
                song_start_s=cue.song_start_s,
                level=cue.level,
                chain=chains[cue.chain],
            )
            for cue in _CUES
        ),
        speech=(
            *(_narration(verse, folder) for verse in _VERSES),
            *(_dialogue(line, folder, (kitchen,)) for line in _LINES),
        ),
        beds=tuple(_beds(folder)),
        scenes=_SCENES,
    )


def subtitle_texts() -> tuple[tuple[float, str | None], ...]:
    """Return what the subtitles say of speech, and when that begins, in film order."""
    spoken: list[tuple[float, str | None]] = [(v.film_start_s, v.text) for v in _VERSES]
    spoken += [(line.film_start_s, line.text) for line in _LINES]
    return tuple(sorted(spoken, key=lambda one: one[0]))


def _narration(verse: _Verse, folder: Path) -> PlannedSpeech:
    return PlannedSpeech(
        path=folder / "sonnet.opus",
        film_start_s=verse.film_start_s,
        kind="narration",
        voice="narrator",
        start_s=verse.start_s,
        end_s=verse.end_s,
    )


def _dialogue(line: _Line, folder: Path, chain: tuple[Step, ...]) -> PlannedSpeech:
    return PlannedSpeech(
        path=folder / f"{line.recording}.opus",
        film_start_s=line.film_start_s,
        kind="dialogue",
        voice=line.recording.partition("-")[0],
        level_lufs=-24.0,
        chain=chain,
    )


def _beds(folder: Path) -> Iterator[Bed]:
    """Wind outside and a rumble inside, both of which make way for the narrator."""
    for name, start_s, end_s, level_lufs in (
        ("wind", 0.0, 96.0, -43.0),
        ("rumble", 96.0, 270.0, -46.0),
        ("wind", 270.0, DURATION_S, -42.0),
    ):
        yield Bed(
            path=folder / f"{name}.opus",
            film_start_s=start_s,
            film_end_s=end_s,
            level=Level(level_lufs),
            duck=Duck(depth_db=6.0, under=("narration",)),
        )

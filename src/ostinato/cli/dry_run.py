"""`--dry-run`: all that a run would check, what it read, and about what it would take."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ostinato.errors import StudyError
from ostinato.legible import isolated
from ostinato.media import Glance, cache_faults, default_cache_dir
from ostinato.pipeline import (
    SPREAD,
    Lasting,
    Rehearsed,
    Said,
    check_room,
    expected_stages_s,
    kept_labels,
    n_taken_back,
    read_said,
    rehearse,
    room_bytes,
)
from ostinato.report import count, cues_as_read, cues_left_out
from ostinato.results import Hashes, Results, ResultsFolder, is_same_film
from ostinato.speech import read_label_reading
from ostinato.study import Study, read_scene_table
from ostinato.timeline import timecode

_MINUTE_S = 60
_FIGURES_BYTES = 6_000_000  # in three formats, with the tables


def dry_run(
    study: Study,
    out: ResultsFolder,
    *,
    cache_dir: Path | None,
    with_stems: bool,
    replaces: bool = False,
) -> str:
    """Check a study as a run would, and estimate what it takes.

    `cache_dir`: where decoded sound is kept; `with_stems`: whether stems would be written;
    `replaces`: whether the results of another film may be replaced. Raises OstinatoError: what the
    run would raise before it begins.
    """
    cache = default_cache_dir() if cache_dir is None else cache_dir
    with cache_faults(cache), tempfile.TemporaryFile(dir=_nearest(cache)):
        pass  # it can be written to
    seen = rehearse(study, cache_dir=cache)
    film = Hashes(sha256=seen.film.sha256, pcm_sha256=seen.pcm_sha256)
    if not replaces:
        out.check_film(film)
    _check_earlier(film, seen.said, out.earlier)
    recordings = [_lasting(one) for one in (seen.film, *seen.songs)]
    n_stems = len(seen.songs) + 1 if with_stems else 0
    stays, at_most = room_bytes(recordings, n_stems=n_stems)
    n_free = shutil.disk_usage(_nearest(cache)).free
    check_room(cache, n_bytes=stays, n_free=n_free)
    lines = [
        *_what_is_there(study, seen),
        "",
        f"Stages: {', '.join(study.stages)}",
        *_time(study, recordings),
        f"Room, by estimate: {_megabytes(stays)} stay in the cache {isolated(str(cache))}, "
        f"{_megabytes(at_most)} there at most while it runs, "
        f"{_megabytes(_FIGURES_BYTES)} in the results"
        f"{' and what the stems take' if n_stems else ''}; {_megabytes(n_free)} are free.",
        f"Results would go to {isolated(str(out.path))}. Nothing was done.",
    ]
    return "\n".join(lines)


def _check_earlier(film: Hashes, said: Said, earlier: Results | None) -> None:
    """Refuse labels that contradict those that were taken back into the folder."""
    if earlier is not None and n_taken_back(earlier) and is_same_film(earlier.film, film):
        kept_labels(said.labels, said.sample, earlier)


def _what_is_there(study: Study, seen: Rehearsed) -> Iterator[str]:
    yield f"Film: {_seen(seen.film)}"
    if seen.left_unseen is not None:
        yield f"  {seen.left_unseen}"
    yield "Songs:" if study.songs else "Songs: none"
    for song, one in zip(study.songs, seen.songs, strict=True):
        yield f"  {isolated(song.title)}: {_seen(one)}"
    counts = {
        "subtitles": count(len(seen.said.cues), "cue"),
        "labels": count(len(seen.said.labels), "label"),
        "scenes": count(len(seen.said.scenes), "scene"),
    }
    for name, found in counts.items():
        path = getattr(study, name)
        said = "none" if path is None else f"{isolated(str(path))}, {found}"
        yield f"{name.capitalize()}: {said}"
    if study.speech_stem is not None:
        by = "" if study.speech_stem_by is None else f", made by {isolated(study.speech_stem_by)}"
        yield f"Speech stem: {isolated(str(study.speech_stem))}{by}"
    yield from what_was_read(study)
    yield from what_was_read_of_subtitles(study, seen.said)
    yield f"Claims: {len(study.claims)}"


def _seen(one: Glance) -> str:
    length = "length not stated" if one.duration_s is None else timecode(one.duration_s)
    decoded = ", already decoded" if one.is_decoded else ""
    return f"{isolated(str(one.path))}, {length}, stream {isolated(one.stream)}{decoded}"


def _time(study: Study, recordings: list[Lasting]) -> Iterator[str]:
    film, *songs = recordings
    if not film.duration_s:
        yield "Time: not to be estimated, since the film's length is not stated."
        return
    stages_s = expected_stages_s(film.duration_s, [song.duration_s for song in songs], study.stages)
    if film.is_decoded:
        stages_s["media"] = 0.0
    expected_s = sum(stages_s.values())
    known = " Stages that the cache holds take no time." if film.is_decoded else ""
    yield (
        f"Time, by estimate: {_length(expected_s / SPREAD)} to {_length(expected_s * SPREAD)} on "
        f"two idle cores, most of it for {max(stages_s, key=lambda s: stages_s[s])}.{known}"
    )


def _length(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / _MINUTE_S)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02d} min" if hours else f"{minutes} min"


def _megabytes(n_bytes: int) -> str:
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"  # noqa: PLR2004


def _lasting(one: Glance) -> Lasting:
    return Lasting(
        duration_s=one.duration_s or 0.0,
        sample_rate_hz=one.sample_rate_hz,
        n_channels=one.n_channels,
        is_decoded=one.is_decoded,
    )


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder, *folder.absolute().parents) if place.exists())


def what_was_read(study: Study) -> list[str]:
    """Say what labels and scenes were read, of which tiers and in which encoding.

    Raises StudyError if one cannot be read.
    """
    try:
        return _lines(study)
    except StudyError:
        read_said(study)  # which recognises files that are exchanged
        raise


def _lines(study: Study) -> list[str]:
    lines = []
    if study.labels is not None:
        labels = read_label_reading(study.labels, film_name=study.film.name)
        lines.append(f"Read from {isolated(str(study.labels))}: {labels}.")
    if study.scenes is not None:
        scenes = read_scene_table(study.scenes)
        note = "" if scenes.note is None else f"; {scenes.note}"
        lines.append(
            f"Read from {isolated(str(study.scenes))}: {count(len(scenes.scenes), 'scene')}{note}."
        )
    return lines


def what_was_read_of_subtitles(study: Study, said: Said) -> list[str]:
    """Say what was read of subtitles, before they are compared with the film."""
    read = said.subtitles
    if study.subtitles is None or read is None:
        return []
    return [
        f"Read from {isolated(str(study.subtitles))}: {read.format}, {cues_as_read(read)}",
        *(f"  {line}" for line in cues_left_out(read)),
    ]

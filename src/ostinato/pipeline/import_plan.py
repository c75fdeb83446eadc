"""What a file of another program says of results: as edits of a person, or as evidence.

A row that the program has written is known by its text, which begins with the event's number. Where
its times are as they were written, nobody has said anything; where they differ, somebody has moved
it. Rows of layers that are no export are labels, scenes or evidence, as their words or the person
say. What is neither is counted, and nothing is made of it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from ostinato.errors import StudyError
from ostinato.export import OWN, Layer, LayerRow, from_line, layers_of
from ostinato.pipeline.covered_speech import SpeechByTime, is_most_of
from ostinato.pipeline.exported_rows import (
    SAME_S,
    Written,
    is_at,
    rows_of_people,
    state_that_went_out,
    written_rows,
)
from ostinato.results import (
    KINDS,
    OPEN,
    Occurrence,
    Results,
    Scene,
    Song,
    SpeechSegment,
)
from ostinato.review import (
    Edit,
    add_occurrence,
    add_speech,
    draw_scene,
    give_kind,
    move_occurrence,
    move_scene,
    move_speech,
    name_scene,
    reject_occurrence,
    remove_speech,
)
from ostinato.speech import ForeignFile, ForeignLayer, ForeignRow, holds_kinds, known_kind

ImportedAs = Literal["labels", "scenes", "evidence"]
"""What rows that are no export may be taken for."""
_OF_PEOPLE = frozenset({"voice names", "edges", "occurrences", "rejected"})
"""A person's layers that repeat what the journal holds: nothing is taken of what changed there."""
_NUMBERED = re.compile(r" \(\d+\)$")
_BY_FILE = re.compile(r"([\w-]+)\.(ostinato|person)(?:-\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What comes of a file.

    Parameters
    ----------
    edits : tuple of Edit
        For the journal, in the order of the file.
    evidence : tuple of ForeignRow
        Words and turns, to be searched.
    n_unchanged : int
        Rows that say what is known already.
    n_open : int
        Rows that wait for a kind.
    not_understood : tuple of str
        Places of rows of which nothing was made, with what stands there.
    layers_left : tuple of str
        Layers of which nothing was taken.
    """

    edits: tuple[Edit, ...]
    evidence: tuple[ForeignRow, ...]
    n_unchanged: int
    n_open: int
    not_understood: tuple[str, ...]
    layers_left: tuple[str, ...]

    @property
    def acts(self) -> dict[str, int]:
        """How many edits of each sort there are, as a person may read them."""
        return dict(Counter(f"{edit.on}: {edit.act}" for edit in self.edits))


def plan_import(
    found: ForeignFile,
    results: Results,
    *,
    program: Results,
    path: Path,
    taken_as: ImportedAs | None = None,
    only: Sequence[str] = (),
    earlier: Sequence[Sequence[Layer]] = (),
) -> ImportPlan:
    """Work out what a file says, and change nothing.

    Parameters
    ----------
    found : ForeignFile
        What was read of it.
    results : Results
        As they are now, with what people have said.
    program : Results
        The same without.
    path : pathlib.Path
        Of the file: its name may say which layer it is.
    taken_as : str or None, optional
        What rows are that the program has not written; by their words if left out.
    only : sequence of str, optional
        Layers to be read; all if empty.
    earlier : sequence of sequence of Layer, optional
        The program's rows as they were exported before.

    Returns
    -------
    ImportPlan
        Its edits name the file and the place of their rows.

    Raises
    ------
    StudyError
        If there is no such layer, what the rows are cannot be told, or the file is of another film.
    """
    chosen = _chosen(found, path, only)
    layers = layers_of(results, program=program)
    states = [written_rows(layers, is_current=True)]
    states += [written_rows(state, is_current=False) for state in earlier]
    written = state_that_went_out(found, states, path)
    taker = _Taker(results=results, written=written, layers=layers)
    left = []
    for name, layer in chosen:
        if not taker.take(name, layer, found, taken_as):
            left.append(name or "without a name")
    if left and len(left) == len(chosen):
        raise StudyError(
            str(path),
            f"what its rows are cannot be told (layers: {', '.join(left)[:80]})",
            "Say it with --as labels, --as scenes or --as evidence",
        )
    return ImportPlan(
        edits=tuple(taker.edits),
        evidence=tuple(taker.evidence),
        n_unchanged=taker.n_unchanged,
        n_open=taker.n_open,
        not_understood=tuple(taker.not_understood),
        layers_left=tuple(left),
    )


def _chosen(found: ForeignFile, path: Path, only: Sequence[str]) -> list[tuple[str, ForeignLayer]]:
    by_file = _BY_FILE.fullmatch(path.stem)
    own = "" if by_file is None else f"{by_file[1].replace('-', ' ')}@{by_file[2]}"
    named = [(_NUMBERED.sub("", layer.name) or own, layer) for layer in found.layers]
    lacking = [name for name in only if name not in {one for one, _ in named}]
    if lacking:
        there = ", ".join(dict.fromkeys(name or "one without a name" for name, _ in named))
        raise StudyError(
            str(path),
            f"it has no layer {lacking[0]!r}",
            f"Give one of its own: {there[:200]}",
        )
    return [(name, layer) for name, layer in named if not only or name in only]


@dataclass(slots=True, kw_only=True)
class _Taker:
    """Takes rows, one layer after another, and keeps what comes of them."""

    results: Results
    written: Written
    layers: Sequence[Layer]
    edits: list[Edit] = field(default_factory=list)
    evidence: list[ForeignRow] = field(default_factory=list)
    n_unchanged: int = 0
    n_open: int = 0
    not_understood: list[str] = field(default_factory=list)
    _used: set[tuple[str, str]] = field(init=False, default_factory=set)
    _said: dict[str, list[LayerRow]] = field(init=False)
    _speech: SpeechByTime = field(init=False)

    def __post_init__(self) -> None:
        self._speech = SpeechByTime(self.results.speech)
        self._said = rows_of_people(self.layers)

    def take(
        self, name: str, layer: ForeignLayer, found: ForeignFile, taken_as: ImportedAs | None
    ) -> bool:
        """Take a layer; False if what its rows are cannot be told."""
        what, _, by = name.partition("@")
        rows = [replace(row, text=self._text(row.text, is_own=bool(by))) for row in layer.rows]
        if by.lower() == OWN:
            for row in rows:
                self._take_own(what, row)
            return True
        own = [row for row in rows if row.text in self.written.by_words]
        for row in own:
            self._take_own("", row)
        rest = [row for row in rows if row.text not in self.written.by_words]
        # of a file without layers, numbers say which rows are the program's
        rest = [row for row in rest if not (self._take_same(row) or self._take_renamed(row))]
        if not rest or self._take_said(_as_what(what, by, rest, found, taken_as), what, rest):
            return True
        if len(rest) == len(rows):
            return False
        for row in rest:
            self._not_understood(row)
        return True

    def _text(self, text: str, *, is_own: bool) -> str:
        """Return a text as it was before it went out; one that never did stays as it is."""
        line = from_line(text)
        if text in self.written.by_words or text in self._said:
            return text
        return line if is_own or line in self.written.by_words or line in self._said else text

    def _take_said(
        self, taken_as: ImportedAs | None, what: str, rows: Sequence[ForeignRow]
    ) -> bool:
        if taken_as is None:
            for row in rows if what in _OF_PEOPLE else ():
                self._not_understood(row)
            return what in _OF_PEOPLE
        for row in rows:
            if taken_as == "evidence":
                self.evidence.append(row)
            elif taken_as == "scenes":
                self._take_scene(row)
            else:
                self._take_label(row, has_edges=what == "labels")
        return True

    def _take_own(self, what: str, row: ForeignRow) -> None:
        """Take a row of a layer that the program has written, or that stands among such."""
        known = [
            (name, written)
            for name, written in self.written.by_words.get(row.text, ())
            if (name, written.id) not in self._used
        ]
        if known:
            name, written = min(known, key=lambda one: (one[0] != what, abs(one[1].start_s)))
            self._used.add((name, written.id))
            self._take_known(name, written, row)
        elif not self._take_rewritten(what, row):
            self._take_new(what, row)

    def _take_known(self, name: str, written: LayerRow, row: ForeignRow) -> None:
        if is_at(row, written.start_s, written.end_s):
            self.n_unchanged += 1
        elif name == "occurrences" and (one := self._occurrence(written)) is not None:
            self._move(one.film_start_s, one.film_end_s, row, one)
        elif name in KINDS and (segment := self._segment(written)) is not None:
            self._move(segment.start_s, segment.end_s, row, segment)
        else:
            self._not_understood(row)

    def _move(
        self, start_s: float, end_s: float, row: ForeignRow, what: Occurrence | SpeechSegment
    ) -> None:
        if is_at(row, start_s, end_s):
            self.n_unchanged += 1
            return
        # the edge that nobody has moved keeps what the format could not
        start_s = start_s if abs(start_s - row.start_s) <= SAME_S else row.start_s
        end_s = end_s if abs(end_s - row.end_s) <= SAME_S else row.end_s
        if end_s <= start_s:
            self._not_understood(row)
        elif isinstance(what, Occurrence):
            moved = move_occurrence(what, self.results, start_s=start_s, end_s=end_s)
            self._add(row, moved)
        else:
            self._add(row, move_speech(what, start_s=start_s, end_s=end_s))

    def _take_same(self, row: ForeignRow) -> bool:
        """Take a row of a person that came back as it went out; False if it is none."""
        is_same = any(is_at(row, one.start_s, one.end_s) for one in self._said.get(row.text, ()))
        self.n_unchanged += is_same
        return is_same

    def _take_renamed(self, row: ForeignRow) -> bool:
        """Take a row with the number of what lies there and another text; False if it is none."""
        number = row.text.partition(" ")[0]
        return any(
            (written := self.written.by_number.get((what, number))) is not None
            and _overlaps(row, written)
            and self._take_rewritten(what, row)
            for what in ("occurrences", *KINDS)
        )

    def _take_rewritten(self, what: str, row: ForeignRow) -> bool:
        """Take a row that has its number and another text; False if it is none."""
        number, _, text = row.text.partition(" ")
        written = self.written.by_number.get((what, number))
        if written is None or (what, number) in self._used:
            return False
        kind = known_kind(text)
        song = self._song(text)
        one, segment = self._occurrence(written), self._segment(written)
        if what == "occurrences" and song is not None and one is not None:
            self._used.add((what, number))
            self._add(row, reject_occurrence(one, self.results))
            self._add(row, add_occurrence(song, row.start_s, row.end_s))
            return True
        if what in KINDS and kind is not None and segment is not None:
            self._used.add((what, number))
            self._give(row, segment, kind)
            if kind != "none" and not is_at(row, written.start_s, written.end_s):
                self._move(segment.start_s, segment.end_s, row, segment)
            return True
        return False

    def _take_new(self, what: str, row: ForeignRow) -> None:
        """Take a row that a person has put among the program's."""
        number, _, text = row.text.partition(" ")
        bare = text if (what, number) in self.written.by_number else row.text
        song = self._song(bare)
        if row.end_s <= row.start_s:
            self._not_understood(row)
        elif what in {"", "occurrences"} and song is not None:
            self._take_heard(song, row)
        elif what in KINDS and (kind := known_kind(bare or what)) is not None:
            self._take_label(replace(row, text=kind), has_edges=False)
        else:
            self._not_understood(row)

    def _take_heard(self, song: Song, row: ForeignRow) -> None:
        known = any(
            one.song_id == song.id and is_at(row, one.film_start_s, one.film_end_s)
            for one in self.results.occurrences
        )
        if known:
            self.n_unchanged += 1
        else:
            self._add(row, add_occurrence(song, row.start_s, row.end_s))

    def _take_label(self, row: ForeignRow, *, has_edges: bool) -> None:
        """Take a kind for the speech that a row covers; `has_edges`: whether it draws edges too."""
        if row.text.startswith(OPEN) or not row.text.strip():
            self.n_open += 1
            return
        kind = known_kind(row.text)
        if kind is None or row.end_s <= row.start_s:
            self._not_understood(row)
            return
        before = len(self.edits)
        segments = self._speech.covered(row)
        for segment in segments:
            self._give(row, segment, kind)
        if has_edges and len(segments) == 1 and kind != "none":
            segment = segments[0]
            self._move(segment.start_s, segment.end_s, row, segment)
        elif not segments and kind != "none":
            self._add(row, add_speech(row.start_s, row.end_s, kind))
        if before == len(self.edits) and not (has_edges and segments):
            self.n_unchanged += 1

    def _give(self, row: ForeignRow, segment: SpeechSegment, kind: str) -> None:
        label = known_kind(kind)
        assert label is not None  # noqa: S101 - the caller has seen it
        if label == "none":
            self._add(row, remove_speech(segment))
        elif segment.kind != label or segment.decided_by != "label":
            self._add(row, give_kind(segment, label))

    def _take_scene(self, row: ForeignRow) -> None:
        name = row.text.strip()
        if not name or row.end_s <= row.start_s:
            self._not_understood(row)
            return
        story, day = (row.details.get(key) or None for key in ("story", "day"))
        scenes = self.results.scenes
        there = next((one for one in scenes if is_at(row, one.start_s, one.end_s)), None)
        called = next(
            (one for one in scenes if one.name.strip() == name and _overlaps(row, one)), None
        )
        if there is not None:
            self._rename(row, there, name, story, day)
        elif called is not None:
            self._add(row, move_scene(called, start_s=row.start_s, end_s=row.end_s))
        else:
            drawn = draw_scene(name, row.start_s, row.end_s, story=story, day=day)
            self._add(row, drawn)

    def _rename(
        self, row: ForeignRow, scene: Scene, name: str, story: str | None, day: str | None
    ) -> None:
        story, day = story or scene.story, day or scene.day
        if (scene.name.strip(), scene.story, scene.day) == (name, story, day):
            self.n_unchanged += 1
        else:
            self._add(row, name_scene(scene, name=name, story=story, day=day))

    def _add(self, row: ForeignRow, edit: Edit) -> None:
        self.edits.append(replace(edit, note=row.place))

    def _not_understood(self, row: ForeignRow) -> None:
        self.not_understood.append(f"{row.place}, {row.text[:40]!r}")

    def _occurrence(self, written: LayerRow) -> Occurrence | None:
        """Return the occurrence that a row was written of: by number, or where that has changed."""
        if self.written.is_current:
            own = (one for one in self.results.occurrences if one.id == written.id)
            return next(own, None)
        song = self._song(written.text)
        alike = [
            one
            for one in self.results.occurrences
            if song is not None and one.song_id == song.id and is_most_of(one.film, written)
        ]
        return alike[0] if len(alike) == 1 else None

    def _segment(self, written: LayerRow) -> SpeechSegment | None:
        if self.written.is_current:
            return next((one for one in self.results.speech if one.id == written.id), None)
        alike = [one for one in self.results.speech if is_most_of(one.interval, written)]
        return alike[0] if len(alike) == 1 else None

    def _song(self, title: str) -> Song | None:
        return next((one for one in self.results.songs if one.title == title), None)


def _as_what(
    what: str,
    by: str,
    rows: Sequence[ForeignRow],
    found: ForeignFile,
    taken_as: ImportedAs | None,
) -> ImportedAs | None:
    """Tell what rows are: by the layer's name, as the person says, or by their words."""
    if by == "person":
        return {"labels": "labels", "scenes": "scenes"}.get(what)  # type: ignore[return-value]
    if taken_as is not None:
        return taken_as
    if found.about != "anything":
        return "evidence"
    if what.lower() in {"scene", "scenes"}:
        return "scenes"
    return "labels" if what.lower() == "kind" or holds_kinds([row.text for row in rows]) else None


def _overlaps(row: ForeignRow, other: Scene | LayerRow) -> bool:
    return row.start_s < other.end_s and other.start_s < row.end_s

"""What several windows of the review share: the journal, the rows, and the figures.

A change is written to the journal before it is answered, and only if its window had seen all that
was written before. Measures follow in a thread of their own, one after another.
"""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Condition, RLock, Thread

from ostinato.errors import OstinatoError, StudyError
from ostinato.legible import visible
from ostinato.pipeline import (
    TRACER,
    program_results,
    take_over_review,
    with_journal,
)
from ostinato.results import Occurrence, Results
from ostinato.review import (
    Conflict,
    Content,
    Edit,
    Edited,
    Entry,
    State,
    edited,
    open_journal,
    state_of,
)
from ostinato.review_page.shown import (
    Row,
    changed_figures,
    figures_of,
    film_row,
    rows_of,
    song_rows,
    voice_rows,
)
from ostinato.review_page.wishes import Wish, edit_of, read_wish, scene_id
from ostinato.timeline import timecode

logger = logging.getLogger(__name__)
Tell = Callable[[str, object], None]
"""Tells every window of an event: its name, and what it says."""
Follow = Callable[[Occurrence, Results], Edit | None]
"""Looks for a song within an occurrence that was added: its song time, None if it is not there."""
_DONE = {
    ("occurrence", "accept"): "accepted",
    ("occurrence", "reject"): "rejected",
    ("occurrence", "move"): "moved",
    ("occurrence", "add"): "added",
    ("occurrence", "split"): "split",
    ("occurrence", "merge"): "joined",
    ("speech", "move"): "moved speech",
    ("speech", "split"): "split speech",
    ("speech", "merge"): "joined speech",
    ("speech", "add"): "added speech",
    ("speech", "remove"): "no speech",
    ("speech", "voice"): "another voice",
    ("voice", "name"): "named voice",
    ("voice", "merge"): "joined voices",
    ("voice", "part"): "parted voice",
    ("scene", "draw"): "added scene",
    ("scene", "name"): "named scene",
    ("scene", "move"): "moved scene",
    ("scene", "remove"): "removed scene",
    ("label", "kind"): "labelled blind",
    ("find", "judge"): "judged blind",
}
_WHY = "Others have changed this review since this window last saw it, so nothing was done yet:"


class Desk:
    """A folder of results under review.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results.
    coder : str or None
        Who reviews, if it is not the main one: then nothing is taken over into the results.
    who : str or None
        Whose name stands in entries.
    tell : callable
        Called, from any thread, with what windows should know.
    follow : callable, optional
        Follows what was added in the film's sound; without it nothing is.
    """

    def __init__(
        self,
        folder: Path,
        *,
        coder: str | None,
        who: str | None,
        tell: Tell,
        follow: Follow | None = None,
    ) -> None:
        self.folder, self.coder, self._tell, self._follow = folder, coder, tell, follow
        self.program: Results = program_results(folder)
        self._journal = open_journal(folder, self.program.film, coder=coder, who=who)
        self._journal.refresh()
        self._lock, self._asked = RLock(), Condition()
        self._measured: tuple[int, Results] = (0, self.program)
        self._wanted, self._is_closed, self._worker = (
            0,
            False,
            Thread(target=self._measure_on, name="measures", daemon=True),
        )
        self._is_changed = False
        self._followers: list[Thread] = []
        self.figures: Row = {"status": "measured", "rows": []}

    def start(self) -> None:
        """Begin to measure, if there are entries already."""
        self._worker.start()
        self._want(self._journal.last)

    @property
    def is_to_be_written(self) -> bool:
        """Whether figures and robustness, which are slow, are still to be made with edits."""
        return self.coder is None and self._is_changed

    def close(self) -> None:
        """Stop measuring, and write what is still to be written."""
        for follower in self._followers:
            follower.join()
        with self._asked:
            self._is_closed = True
            self._asked.notify()
        if self._worker.is_alive():
            self._worker.join()
        if self.is_to_be_written:
            results = with_journal(self.folder, self.program, before=self._measured[1])
            take_over_review(self.folder, results)

    @property
    def notices(self) -> tuple[str, ...]:
        """What was found damaged in the journal."""
        return self._journal.notices

    def state(self) -> Row:
        """Return all that the page shows, as others may have left it."""
        with self._lock:
            if self._journal.refresh():
                self._want(self._journal.last)
            return self._state(self._edited())

    def changed(self, body: bytes) -> Row:
        """Do what the page asks.

        Raises Stale if it has not seen all entries; StudyError and ParameterError if it cannot be.
        """
        wish = read_wish(body)
        if wish.do == "follow":
            self._follow_later([wish.id or ""])
            return {"state": self.state(), "made": [wish.id or ""]}
        with self._lock:
            self._journal.refresh()
            again = [one for one in self._journal.entries if one.token == wish.token]
            now = self._edited()
            if not again:
                self._check_seen(wish)
                edit = edit_of(wish, now.results, self._journal.state)
                self._check_fit(edit)
                try:
                    self._journal.append([edit], last_seen=self._journal.last)
                except Conflict as error:  # between the reading and the writing
                    raise Stale([self._words(one) for one in error.between]) from error
            after = self._edited()
            last = self._journal.last
            made = [] if again else self._made(wish, now, after)
            self._is_changed = True
            self._want(last)
            self._tell("changed", {"last": last})
            if wish.do == "add" and wish.song is not None:
                self._follow_later(made)
            return {"state": self._state(after), "made": made}

    def _follow_later(self, names: list[str]) -> None:
        if self._follow is None:
            return
        for name in names:
            follower = Thread(target=self._follow_one, args=(self._follow, name), daemon=True)
            self._followers.append(follower)
            follower.start()

    def _follow_one(self, follow: Follow, name: str) -> None:
        """Look for the song of an occurrence, and write what is found into the journal."""
        self._tell("following", {"id": name, "status": "looking"})
        with self._lock:
            now = self._edited().results
        one = _untimed(now, name)
        try:
            edit = None if one is None else follow(one, now)
        except OstinatoError as error:
            self._tell("following", {"id": name, "status": "failed", "why": str(error)})
            return
        with self._lock:
            is_there = edit is not None and _untimed(self._edited().results, name) == one
            if edit is not None and is_there:
                program = open_journal(self.folder, self.program.film, coder=self.coder, who=TRACER)
                program.append([edit])
                self._journal.refresh()
                self._want(self._journal.last)
        self._tell("following", {"id": name, "status": "found" if is_there else "missing"})

    def _check_seen(self, wish: Wish) -> None:
        # what the program has found out since is no other person's work
        between = [
            one
            for one in self._journal.entries
            if one.sequence > wish.last_seen and one.who != TRACER
        ]
        if between:
            raise Stale([self._words(one) for one in between])

    def _check_fit(self, edit: Edit) -> None:
        """Refuse what fits nothing that there is: it would be written, and count for nothing."""
        if edit.undoes is not None:
            return
        entry = Entry(
            sequence=self._journal.last + 1,
            when="",
            who="",
            on=edit.on,
            act=edit.act,
            seen=edit.seen,
            becomes=edit.becomes,
        )
        tried = edited(self.program, state_of([*self._journal.entries, entry]))
        for one in tried.unplaced:
            if one.entry is entry:
                raise StudyError("this change", one.reason, "Choose another row or stretch")

    def _made(self, wish: Wish, before: Edited, after: Edited) -> list[str]:
        """Return the rows that the last change has made or touched, or else was about."""
        about = self._about()
        now = [str(row["id"]) for row in rows_of(after.results)]
        touched = [
            one
            for one in now
            if about & {*before.touched.get(one, ()), *after.touched.get(one, ())}
        ]
        scenes = [
            scene_id(i)
            for i, one in enumerate(after.results.scenes)
            if one not in before.results.scenes
        ]
        return touched or scenes or [one for one in (wish.id, *wish.ids) if one in now]

    def _about(self) -> set[int]:
        """Return the sequences of the last entry, and of what it undoes or redoes."""
        by_number = {one.sequence: one for one in self._journal.entries}
        entry: Entry | None = self._journal.entries[-1]
        about = set()
        while entry is not None:
            about.add(entry.sequence)
            entry = None if entry.undoes is None else by_number.get(entry.undoes)
        return about

    def _edited(self) -> Edited:
        return edited(self.program, self._journal.state)

    def _state(self, now: Edited) -> Row:
        results, state = now.results, self._journal.state
        return {
            "last": state.last,
            "film": film_row(results),
            "songs": song_rows(results),
            "voices": voice_rows(results),
            "rows": rows_of(results),
            "changes": self._changes(now, state),
            "can_undo": state.next_undo is not None,
            "can_redo": state.next_redo is not None,
            "coder": self.coder,
            "notices": list(self.notices),
            "figures": self.figures,
        }

    def _changes(self, now: Edited, state: State) -> list[Row]:
        in_force = {one.sequence for one in state.in_force}
        reasons = {one.entry.sequence: one.reason for one in now.unplaced}
        return [
            {
                "sequence": one.sequence,
                "when": f"{one.when[:10]} {one.when[11:16]}",
                "words": self._words(one),
                "undone": not one.is_back and one.sequence not in in_force,
                "can_undo": one.sequence in in_force,
                "note": f"It no longer fits: {reasons[one.sequence]}"
                if one.sequence in reasons
                else None,
            }
            for one in self._journal.entries
        ]

    def _words(self, entry: Entry) -> str:
        return in_words(entry, {one.sequence: one for one in self._journal.entries})

    def _want(self, last: int) -> None:
        with self._asked:
            self._wanted = last
            self._asked.notify()

    def _measure_on(self) -> None:
        """Measure whatever was wanted last, for as long as the review goes on."""
        while True:
            with self._asked:
                self._asked.wait_for(lambda: self._is_closed or self._wanted != self._measured[0])
                if self._is_closed:
                    return
            self._measure_once()

    def _measure_once(self) -> None:
        with self._lock:
            state = self._journal.state
        self._show({"status": "measuring", "rows": []})
        try:
            results = with_journal(
                self.folder,
                self.program,
                state=state,
                before=self._measured[1],
                robustness="later",
            )
            if self.coder is None:
                take_over_review(self.folder, results, figures="later")
        except OstinatoError as error:
            logger.warning("%s", error)
            self._measured = (state.last, self._measured[1])
            self._show({"status": "failed", "why": str(error), "rows": []})
            return
        self._measured = (state.last, results)
        rows = changed_figures(figures_of(self.program), figures_of(results))
        self._show({"status": "measured", "rows": rows})

    def _show(self, figures: Row) -> None:
        self.figures = figures
        self._tell("figures", figures)


def in_words(entry: Entry, earlier: Mapping[int, Entry]) -> str:
    """Say what an entry does; `earlier` are those before it, by their sequence."""
    if entry.undoes is not None:
        undone = earlier.get(entry.undoes)
        what = "an entry that is not there" if undone is None else in_words(undone, earlier)
        return f"{'undone' if entry.act == 'undo' else 'done again'}: {what}"
    old, new = (contents[0] if contents else None for contents in (entry.seen, entry.becomes))
    what = _DONE.get((entry.on, entry.act), f"{entry.act} {entry.on}")
    if entry.act == "kind" and new is not None and entry.on == "speech":
        what = f"{old.kind if old is not None else 'speech'} is {new.kind}"
    if entry.who == TRACER:
        what = "song time found by the program"
    about = new or old
    if about is None:
        return what
    return visible(" ".join([what, *_named(about), *_times(old or about)]))


def _named(content: Content) -> list[str]:
    name = content.name or content.song
    return [] if name is None else [f"“{name}”"]


def _times(content: Content) -> list[str]:
    start_s = content.start_s
    if start_s is None and content.stretches:
        start_s = content.stretches[0][0]
    return [] if start_s is None else [f"at {timecode(max(0.0, start_s))}"]


def _untimed(results: Results, name: str) -> Occurrence | None:
    """Find an occurrence of which the song time is not known."""
    return next((one for one in results.occurrences if one.id == name and not one.is_timed), None)


class Stale(Exception):  # noqa: N818 - what happened, not what is wrong
    """A window had not seen what others wrote; `between` says that in words."""

    def __init__(self, between: list[str], why: str = _WHY) -> None:
        super().__init__(between, why)
        self.between, self.why = between, why

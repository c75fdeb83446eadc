"""An entry of a journal as a person reads it in the list of changes."""

from collections.abc import Mapping

from ostinato.legible import visible
from ostinato.review import Content, Entry
from ostinato.timeline import timecode

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

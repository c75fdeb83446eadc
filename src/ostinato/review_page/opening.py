"""A folder of results is opened for review or labelling, and served until told to stop."""

import secrets
import signal
import socket
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from ostinato.errors import ParameterError
from ostinato.media import default_cache_dir
from ostinato.pipeline import followed, program_results
from ostinato.results import DrawnFinds, Occurrence, Results, SampledLabel, read_results
from ostinato.review import Edit
from ostinato.review_page.app import Events, application
from ostinato.review_page.blind import BlindDesk, in_random_order
from ostinato.review_page.desk import Desk
from ostinato.review_page.guard import Guard
from ostinato.review_page.questions import Questions, SongQuestions, SpeechQuestions
from ostinato.review_page.sound import Sound

_SHARED = ("review.css", "icon.svg", "api.js", "dom.js", "keys.js", "player.js", "words.js")
_REVIEW = (
    *("review.js", "acts.js", "changes.js", "desk.js", "inspector.js", "lanes.js", "table.js"),
    *("tiles.js", "timeline.js"),
)
_BLIND = ("blind.js",)
_LOOPBACK = "127.0.0.1"
_LEAVE_S = 2
_ENDS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a review is opened.

    Parameters
    ----------
    folder : pathlib.Path
        Of the results.
    port : int or None
        At which it is served; None for a free one.
    coder : str or None
        Another coder, who has a journal of their own.
    author : str or None
        Whose name stands beside what is said; the coder's if None.
    opens : bool
        Whether a browser is opened.
    film : pathlib.Path or None
        Where the film is, if it is no longer where it was.
    cache_dir : pathlib.Path or None
        Where decoded sound is kept; the system's cache folder if None.
    """

    folder: Path
    port: int | None = None
    coder: str | None = None
    author: str | None = None
    opens: bool = True
    film: Path | None = None
    cache_dir: Path | None = None

    @property
    def cache(self) -> Path:
        """Where decoded sound is kept."""
        return default_cache_dir() if self.cache_dir is None else self.cache_dir


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """An application, and what begins and ends with it."""

    app: Starlette
    desk: Desk | BlindDesk
    sound: Sound
    events: Events

    def start(self) -> None:
        """Open the sound, and measure what was changed before."""
        self.sound.start()
        if isinstance(self.desk, Desk):
            self.desk.start()

    def stop(self) -> None:
        """Let windows go, and end what runs beside."""
        self.events.close()
        if isinstance(self.desk, Desk):
            self.desk.close()
        self.sound.close()


def review(opening: Opening, *, tell: Callable[[str], None], tell_end: Callable[[], None]) -> None:
    """Serve a folder of results for review, until Ctrl-C.

    Parameters
    ----------
    opening : Opening
        Which folder, and how.
    tell : callable
        Told the link as soon as it answers.
    tell_end : callable
        Called when it is over and results are written with what was changed, which takes seconds.

    Raises
    ------
    StudyError
        If the folder holds no results, or its journal is of another film.
    ParameterError
        If the port is taken.
    """
    opened = opened_review(opening)
    opened.start()
    try:
        _serve(opened, opening, tell=tell)
        if isinstance(opened.desk, Desk) and opened.desk.is_to_be_written:
            tell_end()
    finally:
        opened.stop()


def label_by_ear(
    opening: Opening, sample: Sequence[SampledLabel], *, tell: Callable[[str], None]
) -> tuple[SampledLabel, ...]:
    """Serve a random sample to be labelled, until Ctrl-C.

    Parameters
    ----------
    opening : Opening
        Which folder, and how.
    sample : sequence of SampledLabel
        That was drawn from its results.
    tell : callable
        Told the link as soon as it answers.

    Returns
    -------
    tuple of SampledLabel
        The sample with the kinds that were given.

    Raises
    ------
    StudyError
        If the folder holds no results, or its journal is of another film.
    ParameterError
        If the port is taken.
    """
    results = read_results(opening.folder)
    questions = SpeechQuestions(results, in_random_order(sample, results.film, coder=opening.coder))
    return questions.labelled(_answers(opening, results, questions, tell=tell))


def judge_by_ear(opening: Opening, drawn: DrawnFinds, *, tell: Callable[[str], None]) -> int:
    """Serve a random sample of the film, to be listened to for the songs, until Ctrl-C.

    Parameters
    ----------
    opening : Opening
        Which folder, and how.
    drawn : DrawnFinds
        The sample.
    tell : callable
        Told the link as soon as it answers.

    Returns
    -------
    int
        Of how many pieces a verdict stands in the journal now.

    Raises
    ------
    StudyError
        If the folder holds no results, or its journal is of another film.
    ParameterError
        If the port is taken.
    """
    results = program_results(opening.folder)
    pieces = in_random_order(drawn.drawn, results.film, coder=opening.coder)
    return len(_answers(opening, results, SongQuestions(results, drawn, pieces), tell=tell))


def _answers(
    opening: Opening, results: Results, questions: Questions, *, tell: Callable[[str], None]
) -> dict[int, str]:
    opened = opened_questions(opening, results, questions)
    opened.start()
    try:
        _serve(opened, opening, tell=tell)
    finally:
        opened.stop()
    assert isinstance(opened.desk, BlindDesk)  # noqa: S101 - it was opened so
    return opened.desk.answers


def opened_review(opening: Opening) -> Review:
    """Return the application of a review, not started yet."""
    events = Events()

    def follow(one: Occurrence, results: Results) -> Edit | None:
        copy = sound.working_copy()
        return followed(one, results, copy, opening.folder, cache_dir=opening.cache)

    who = opening.author or opening.coder
    desk = Desk(opening.folder, coder=opening.coder, who=who, tell=events.tell, follow=follow)
    sound = _sound(opening, desk.program, events, has_remainder=True)
    app = application(desk, sound, events, page="review.html", scripts=(*_SHARED, *_REVIEW))
    return Review(app=app, desk=desk, sound=sound, events=events)


def opened_questions(opening: Opening, results: Results, questions: Questions) -> Review:
    """Return the application of a sample, not started yet; it can play the film and no remainder.

    What remains without songs is the program's work, and would be heard.
    """
    events = Events()
    desk = BlindDesk(
        opening.folder,
        results.film,
        questions,
        coder=opening.coder,
        who=opening.author,
        tell=events.tell,
    )
    sound = _sound(opening, results, events, has_remainder=False)
    app = application(
        desk, sound, events, page="blind.html", scripts=(*_SHARED, *_BLIND), sounds=("mix",)
    )
    return Review(app=app, desk=desk, sound=sound, events=events)


def _sound(opening: Opening, results: Results, events: Events, *, has_remainder: bool) -> Sound:
    sound = Sound(
        results,
        folder=opening.folder,
        cache_dir=opening.cache,
        path=opening.film,
        has_remainder=has_remainder,
        on_change=lambda: events.tell("sound", sound.as_json()),
    )
    return sound


def _serve(opened: Review, opening: Opening, *, tell: Callable[[str], None]) -> None:
    serve(
        opened.app,
        port=opening.port,
        opens=opening.opens,
        tell=tell,
        on_stop=opened.events.close,
    )


def serve(
    app: ASGIApp,
    *,
    port: int | None,
    opens: bool,
    tell: Callable[[str], None],
    on_stop: Callable[[], None],
) -> None:
    """Serve an application until Ctrl-C.

    `port`: None for a free one; `opens`: whether a browser is opened; `tell`: told the link as soon
    as it answers; `on_stop`: called when it is told to stop, before windows are let go. Raises
    ParameterError if the port is taken.
    """
    with closing(_bound(port)) as listening:
        number = listening.getsockname()[1]
        token = secrets.token_urlsafe(24)
        link = f"http://{_LOOPBACK}:{number}/?token={token}"
        server = _Server(
            uvicorn.Config(
                Guard(app, port=number, token=token),
                log_level="critical",
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=_LEAVE_S,
                timeout_keep_alive=30,
            )
        )
        server.on_stop = on_stop
        tell(link)
        if opens:
            webbrowser.open(link)
        server.run(sockets=[listening])


class _Server(uvicorn.Server):
    """Lets its windows go before it waits for them; Ctrl-C ends it, and nothing that follows."""

    on_stop: Callable[[], None]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if current_thread() is not main_thread():
            yield
            return
        earlier = {one: signal.signal(one, self.handle_exit) for one in _ENDS}
        try:
            yield
        finally:
            for one, handler in earlier.items():
                signal.signal(one, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.on_stop()
        await super().shutdown(sockets=sockets)


def _bound(port: int | None) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_LOOPBACK, port or 0))
        listening.listen()
    except OSError as error:
        listening.close()
        raise ParameterError(
            f"--port {port}",
            f"nothing can be served there ({error.strerror})",
            "Give another port, or none",
        ) from error
    return listening

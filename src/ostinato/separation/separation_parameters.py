"""How a song is taken out of a film."""

from dataclasses import dataclass, field

from ostinato.dsp.short_time import OVERLAP
from ostinato.ranges import Count, Decibels, Height, Seconds, Share, Steps, Window, check_ranges
from ostinato.separation.alignment import AlignParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelParameters:
    """How a known song is cancelled; recorded verbatim under `run.parameters`."""

    window_s: Window = 4096 / 48_000
    """Of the short-time spectrum, four to a sample: long enough for a small room's answer, short
    enough for a fader's ramp."""
    chunk_s: Window = 24.0
    """Each is fitted by itself: memory does not grow with the cue."""
    overlap_s: Window = 2.0
    """Over which one chunk's song is faded into the next one's."""
    fold_s: Window = 2.0
    """Blocks that are left out of a fit in turn: longer than the echo of a room."""
    n_reweightings: Steps = 5
    """Of the fit, by what it left over before."""
    taps: tuple[Count, ...] = (1, 4, 8)
    """Frames over which the song may answer in a room; held-out frames choose."""
    step_variances: tuple[Height, ...] = (0.0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
    """Of the random walk of a gain from one group of frames to the next: the likelihood chooses."""
    postfilter_db: Decibels = 20.0
    """By which a cell of the remainder is turned down at most where it holds what a codec or a hall
    made of the song; 0 leaves it as it was subtracted."""

    def __post_init__(self) -> None:
        check_ranges(self)

    def n_fft(self, rate_hz: int) -> int:
        """Window in samples, a multiple of the overlap."""
        return OVERLAP * round(self.window_s * rate_hz / OVERLAP)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeParameters:
    """When a song counts as cancelled or masked; recorded verbatim under `run.parameters`."""

    least_coherence: Share = 0.7
    """Of the phases in blocks, for a song to be cancelled: a wrong one has 0.3 to 0.45, one that
    was stretched 0.5 to 0.7."""
    least_reduction_db: Decibels = 10.0
    """For a song to be cancelled: below this a mask does as well."""
    most_waver_s: Seconds = 5e-6
    """Of the delay about a line: a record or a tape that wavers leaves the fit behind."""
    least_likeness: Share = 0.1
    """Of the spectra, for a mask: another song has 0.00, the right one .24 and more even 15 dB
    below the speech."""

    def __post_init__(self) -> None:
        check_ranges(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationParameters:
    """How songs are taken out of the film; recorded verbatim under `run.parameters`."""

    align: AlignParameters = field(default_factory=AlignParameters)
    cancel: CancelParameters = field(default_factory=CancelParameters)
    grade: GradeParameters = field(default_factory=GradeParameters)

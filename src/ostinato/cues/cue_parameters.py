"""All numbers of a search for a song; each has its reason beside it, in the file that uses it."""

from dataclasses import dataclass, field

from ostinato.cues.arrival import ArrivalParameters
from ostinato.cues.bends import BendParameters
from ostinato.cues.explained import ExplainedParameters
from ostinato.cues.joins import CarryParameters, LinkParameters
from ostinato.cues.path import TraceParameters
from ostinato.cues.peaks import DetectParameters
from ostinato.cues.shared import SharedParameters
from ostinato.cues.song_finds import MissedParameters
from ostinato.cues.song_levels import LevelParameters
from ostinato.cues.spectral import SpectralParameters
from ostinato.cues.time_errors import RingingParameters
from ostinato.ranges import Speed, check_ranges

SPEEDS = (
    *(1.0, 25 / 24, 24 / 25, 25025 / 24000, 24000 / 25025, 1001 / 1000, 1000 / 1001),
    *(48 / 44.1, 44.1 / 48),
)
"""As recorded; PAL transfers; PAL from 23.976; 24 against 23.976; 44.1 kHz played at 48: each
either way. Speeds between them are met by the spectrum first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueParameters:
    """How songs are found and measured; recorded verbatim under `run.parameters`."""

    speeds: tuple[Speed, ...] = SPEEDS
    """At which the waveform is searched: seconds of song per second of film."""
    detect: DetectParameters = field(default_factory=DetectParameters)
    trace: TraceParameters = field(default_factory=TraceParameters)
    carry: CarryParameters = field(default_factory=CarryParameters)
    bend: BendParameters = field(default_factory=BendParameters)
    explained: ExplainedParameters = field(default_factory=ExplainedParameters)
    arrival: ArrivalParameters = field(default_factory=ArrivalParameters)
    ringing: RingingParameters = field(default_factory=RingingParameters)
    link: LinkParameters = field(default_factory=LinkParameters)
    level: LevelParameters = field(default_factory=LevelParameters)
    shared: SharedParameters = field(default_factory=SharedParameters)
    spectral: SpectralParameters = field(default_factory=SpectralParameters)
    missed: MissedParameters = field(default_factory=MissedParameters)

    def __post_init__(self) -> None:
        check_ranges(self)

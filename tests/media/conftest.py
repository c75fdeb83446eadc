from fractions import Fraction

import av
import numpy as np
import pytest
from scipy.signal import correlate

from ostinato.media import open_working_copy

BURST_S = 0.02


def a_burst(sample_rate_hz):
    return 0.5 * np.random.default_rng(440).uniform(-1, 1, round(BURST_S * sample_rate_hz))


def a_track(at_s, *, duration_s=3.0, sample_rate_hz=48000, speakers=("FL", "FR")):
    """Faint noise with bursts; `at_s` their times, or a time for each loudspeaker that has one."""
    rng = np.random.default_rng(7)
    y = 1e-4 * rng.standard_normal((len(speakers), round(duration_s * sample_rate_hz)))
    burst = a_burst(sample_rate_hz)
    everywhere = slice(None)
    if isinstance(at_s, dict):
        places = [(speakers.index(name), time_s) for name, time_s in at_s.items()]
    else:
        places = [(everywhere, time_s) for time_s in at_s]
    for channels, time_s in places:
        start = round(time_s * sample_rate_hz)
        y[channels, start : start + burst.size] += burst
    return y


def write_media(path, tracks, codec, *, sample_rate_hz=48000, layout="stereo", **how):
    """Encode tracks into one file.

    `how`: `sample_format`, `container`, `options` for the muxer, `codec_options`, `metadata` and
    `disposition` for each stream, and `shifts`, for each track a function from seconds to the
    seconds by which a stamp is moved.
    """
    with av.open(str(path), "w", format=how.get("container"), options=how.get("options")) as file:
        streams = []
        for i, _ in enumerate(tracks):
            codec_options = how.get("codec_options")
            stream = file.add_stream(
                codec, rate=sample_rate_hz, layout=layout, options=codec_options
            )
            if "disposition" in how:
                stream.disposition = how["disposition"][i]
            stream.metadata.update(how.get("metadata", [{}] * len(tracks))[i])
            if how.get("sample_format"):
                stream.codec_context.format = how["sample_format"]
            streams.append(stream)
        shifts = how.get("shifts") or [lambda _: 0.0] * len(tracks)
        packets = []
        for stream, y, shift in zip(streams, tracks, shifts, strict=True):
            for packet in encoded(stream, y, sample_rate_hz, layout):
                shift_ticks = round(shift(float(packet.pts * packet.time_base)) / packet.time_base)
                packet.pts += shift_ticks
                packet.dts += shift_ticks
                packets.append(packet)
        for packet in sorted(packets, key=lambda p: p.dts * p.time_base):
            file.mux(packet)
    return path


def encoded(stream, y, sample_rate_hz, layout):
    to_format = av.AudioResampler(
        format=stream.codec_context.format.name, layout=layout, rate=sample_rate_hz
    )
    for start in range(0, y.shape[1], 4096):
        block = y[:, start : start + 4096].T.astype(np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout=layout)
        frame.sample_rate, frame.time_base = sample_rate_hz, Fraction(1, sample_rate_hz)
        frame.pts = start
        for converted in to_format.resample(frame):
            yield from stream.encode(converted)
    for converted in to_format.resample(None):
        yield from stream.encode(converted)
    yield from stream.encode(None)


def heard_at(y, sample_rate_hz):
    """Times at which the burst is heard, in order: correlate, and take each peak."""
    strength = np.abs(correlate(y, a_burst(sample_rate_hz), mode="valid", method="fft"))
    times_s, radius, floor = [], round(0.1 * sample_rate_hz), 0.4 * strength.max()
    while strength.max() > floor:
        peak = int(np.argmax(strength))
        times_s.append(peak / sample_rate_hz)
        strength[max(0, peak - radius) : peak + radius] = 0
    return sorted(times_s)


@pytest.fixture
def open_film(tmp_path):
    """Open a working copy in a cache of this test's own."""

    def opened(path, **how):
        return open_working_copy(path, cache_dir=tmp_path / "cache", **how)

    return opened


@pytest.fixture
def hear(open_film):
    """Open a film and return when its bursts are heard."""

    def heard(path, **how):
        copy = open_film(path, **how)
        return heard_at(copy.mono(0, copy.n_samples), copy.rate_hz)

    return heard


@pytest.fixture
def tracks_of(open_film):
    """Open a film and return when bursts are heard in each channel of its copy."""

    def heard(path):
        copy = open_film(path)
        return {name: heard_at(copy.channel(name), copy.rate_hz) for name in copy.channel_names}

    return heard


@pytest.fixture
def make_film(tmp_path):
    """Write a stereo film with bursts at the given times; its path."""

    def made(name="film.mka", codec="flac", at_s=(0.5, 2.0), duration_s=3.0, **how):
        rate_hz, layout = how.get("sample_rate_hz", 48000), how.get("layout", "stereo")
        speakers = [channel.name for channel in av.AudioLayout(layout).channels]
        y = a_track(at_s, duration_s=duration_s, sample_rate_hz=rate_hz, speakers=speakers)
        return write_media(tmp_path / name, [y], codec, **how)

    return made


@pytest.fixture
def write_tracks():
    """Write a stereo film of several streams, each with bursts at its own times."""

    def written(path, bursts_s, codec, **how):
        return write_media(path, [a_track(at_s) for at_s in bursts_s], codec, **how)

    return written

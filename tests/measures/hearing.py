"""A song that is heard at given song times, one playing after another."""

from ostinato.results import Occurrence, Song

SONG = Song(id="S1", title="The song", sha256="", pcm_sha256="", duration_s=162.0)
FIRST_S = 100.0


def heard(starts_s, lengths_s, *, film_gaps_s=None, playings=None, song_id="S1", **changes):
    """Occurrences that follow each other in the film; each its own playing unless named."""
    n = len(starts_s)
    film_gaps_s = [300.0] * (n - 1) if film_gaps_s is None else film_gaps_s
    names = playings or [str(i) for i in range(n)]
    out, now_s = [], FIRST_S
    for i, (start_s, length_s) in enumerate(zip(starts_s, lengths_s, strict=True)):
        out.append(
            Occurrence(
                **{
                    "id": f"{song_id}O{i + 1}",
                    "song_id": song_id,
                    "playing_id": f"{song_id}P{names[i]}",
                    "film_start_s": float(now_s),
                    "film_end_s": float(now_s + length_s),
                    "song_start_s": float(start_s),
                    "song_end_s": float(start_s + length_s),
                    "speed": 1.0,
                    "pitch": 1.0,
                    "score": 20.0,
                    "p_value": 1e-9,
                    "level_lufs": -30.0,
                    "level_re_speech_lu": None,
                    "low_hz": None,
                    "high_hz": None,
                    **changes,
                }
            )
        )
        now_s += length_s + (film_gaps_s[i] if i < n - 1 else 0.0)
    return out

"""Speech of known kinds: a film of segments, some of which a person labels at random."""

import numpy as np

from ostinato.results import SampledLabel, SpeechSegment


def spoken(start_s, end_s, kind, *, decided_by="subtitles", voice=None):
    return SpeechSegment(
        id=f"T{start_s}",
        start_s=float(start_s),
        end_s=float(end_s),
        kind=kind,
        p_narration=None,
        decided_by=None if kind == "undetermined" else decided_by,
        voice=voice,
    )


def a_film_of_speech(rng, *, share, n_scenes=60, per_scene=10, sensitivity=0.85, specificity=0.9):
    """True kinds that keep to their scenes, and what subtitles say of them; 10 s apart."""
    scene_share = rng.beta(share / 0.2, (1 - share) / 0.2, n_scenes)
    is_narration = rng.random((n_scenes, per_scene)) < scene_share[:, None]
    is_right = rng.random((n_scenes, per_scene)) < np.where(is_narration, sensitivity, specificity)
    lengths_s = rng.uniform(1, 6, is_narration.size)
    truth, predicted = (
        np.where(kinds.ravel(), "narration", "dialogue").tolist()
        for kinds in (is_narration, is_narration == is_right)
    )
    speech = [
        spoken(10 * i, 10 * i + length_s, kind)
        for i, (length_s, kind) in enumerate(zip(lengths_s, predicted, strict=True))
    ]
    return speech, truth


def true_share(speech, truth):
    lengths_s = np.array([s.interval.duration_s for s in speech])
    return float(lengths_s[np.array(truth) == "narration"].sum() / lengths_s.sum())


def labelled(speech, truth, picks):
    """The truth of some segments, each as likely as any other to have been drawn."""
    return tuple(
        SampledLabel(
            start_s=speech[i].start_s,
            end_s=speech[i].end_s,
            predicted=speech[i].kind,
            kind=truth[i],
            stratum="all",
            p_inclusion=len(picks) / len(speech),
        )
        for i in sorted(picks)
    )

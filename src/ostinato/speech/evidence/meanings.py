"""What each value in a segment's `evidence` is called, and what it says."""

MEANINGS: dict[str, str] = {
    "activity": "mean probability of talk, 0 to 1",
    "late_decay_db_s": "median rate at which sound dies away after bursts of the voice, dB/s; "
    "slow in a room",
    "slow_decay_db_s": "lower quartile of these rates, dB/s",
    "decay_spread_db_s": "standard deviation of falls of level over 80 ms, dB/s; small in a room",
    "noise_floor_re_speech_db": "floor in the pauses of the voice against its level, dB",
    "ambience_re_speech_db": "floor within 6 s around, where nobody speaks, against the voice, dB",
    "noise_floor_step_db": "floor under the voice less that around it, in the bands that the voice "
    "leaves alone, dB; below 0 where the ambience makes way",
    "noise_floor_likeness": "correlation of the spectra of these floors, -1 to 1; near 1 where the "
    "scene's ambience goes on",
    "foreground_per_min": "sudden sounds a minute within 6 s around, where nobody speaks",
    "foreground_spread_db": "95th percentile of the level there over its median, dB",
    "tilt_db_octave": "slope of the voice's spectrum from 200 Hz to 6 kHz, dB per octave",
    "low_end_db": "level from 80 to 210 Hz less that from 400 to 1100 Hz, dB; high close to the "
    "microphone",
    "bandwidth_hz": "where the voice's spectrum has fallen 40 dB, Hz",
    "level_re_film_db": "level of the voice against the median of the film's speech, dB",
    "level_spread_db": "standard deviation of the voice's level over 400 ms, dB",
    "side_to_mid_db": "side against mid while the voice speaks, -60 to 60 dB",
    "surround_side_to_mid_db": "side against mid within 6 s around, where nobody speaks, dB",
    "centre_to_front_db": "centre channel against left and right without it, dB",
    "is_answered": "1 if another voice speaks within 2 s before or after, else 0",
    "run_s": "length of the run of speech without a pause of 2 s, of one voice where voices are "
    "known, s",
    "gap_before_s": "time since the speech before, 60 s at most",
    "gap_after_s": "time to the speech after, 60 s at most",
    "music_activity": "mean probability of music, 0 to 1",
    "song_share": "share of the segment during which a song that was looked for is heard, 0 to 1",
    "singing_share": "share of the segment during which somebody sings, 0 to 1; high where talk "
    "overlaps with singing, or where singing may be taken for talk",
    "italic_share": "share of the segment under subtitles in italics, 0 to 1",
    "narrator_tag_share": "share under subtitles tagged (V.O.), NARRATOR: and the like, 0 to 1",
    "speaker_name_share": "share under subtitles that begin with a name in capitals or brackets",
    "narrator_voice_share": "share of narration in what labels of other scenes say of this voice, "
    "drawn towards the film's, 0 to 1",
    "p_narration_without_label": "of a labelled segment: the probability of narration that labels "
    "of other scenes give it, or the prior",
}
"""Names carry their units; what could not be measured is absent."""

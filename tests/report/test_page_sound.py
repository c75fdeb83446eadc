"""Excerpts on the page: only if they are asked for, with how much of each song they are."""

import re

from ostinato.report import page_html
from ostinato.results import Excerpt

POLICY = re.compile(r'Content-Security-Policy" content="([^"]*)"')


def excerpts_of(results):
    return [
        Excerpt(
            occurrence_id=one.id,
            start_s=one.film_start_s,
            end_s=min(one.film_end_s, one.film_start_s + 10.0),
            media_type="audio/mpeg",
            data=b"\xff\xfb" * 5000,
        )
        for one in results.occurrences
    ]


def test_a_page_without_excerpts_may_play_nothing(a_feature):
    html = page_html(a_feature)
    assert "<audio" not in html
    assert "media-src" not in POLICY.search(html)[1]


def test_each_occurrence_can_be_played_from_the_page_itself(a_feature):
    html = page_html(a_feature, excerpts=excerpts_of(a_feature))
    players = re.findall(r"<audio controls[^>]*>", html)
    assert len(players) == len(a_feature.occurrences)
    assert all('src="data:audio/mpeg;base64,//v/+' in player for player in players)
    assert POLICY.search(html)[1].endswith("media-src data:")
    assert "default-src 'none'" in POLICY.search(html)[1]


def test_the_share_of_each_song_and_the_size_are_said(a_feature):
    html = page_html(a_feature, excerpts=excerpts_of(a_feature))
    assert "11 excerpts of 10 seconds or less, in mono, 0.1 MB in all" in html
    # 10 s from 0:00, 38.4, 67.4, 97, 141.5, 1.5, 12 and 45.2 of the song
    assert "Of California Dreamin&#39;, 1 min 8 s of 2 min 42 s is embedded (42.2%)." in html


def test_parts_that_are_embedded_twice_count_once(a_feature):
    one = excerpts_of(a_feature)[1]
    once, twice = (page_html(a_feature, excerpts=[one] * n) for n in (1, 2))
    shares = [re.findall(r"is embedded \(([^)]*)\)", html) for html in (once, twice)]
    assert shares[0] == shares[1]

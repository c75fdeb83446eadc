"""References as the manuals of the styles have them, for a film, a program and a data set."""

import json
from dataclasses import replace

import pytest
from tests.report.examples import a_feature_film
from tests.report.silly import CREDITS

from ostinato.report import citation
from ostinato.report.references import film_note, program_of, references


@pytest.fixture(scope="module")
def named():
    feature = a_feature_film()
    return replace(feature, film=replace(feature.film, **CREDITS))


def test_what_follows_a_colon_begins_with_a_capital_in_apa(named):
    _, program, run = references(named, style="apa").split("\n\n")
    assert program.startswith("The Ostinato developers. (2026). *Ostinato: How a film's soundtrack")
    assert run.startswith("*Results for* Night Shift [Data set made with")  # upright in italics


def test_a_year_is_that_of_the_version_which_made_the_results(named):
    assert program_of(named).year == "2026"
    older = replace(named, run=replace(named.run, version="0.0.1"))
    assert program_of(older).year is None
    assert "developers. (n.d.)." in references(older, style="apa")
    assert "Version 0.0.1. Computer software." in references(older, style="mla")


def test_only_chicago_gives_the_whole_reference_in_a_note(named):
    film = named.film
    assert film_note(film, style="mla") == "*Night Shift*"
    assert film_note(film, style="apa") == "*Night Shift* (Wong, 1994)"
    assert film_note(film, style="chicago").endswith("(Hong Kong: Jet Tone Production, 1994)")
    for style in ("mla", "apa"):
        note = citation(named, style=style).partition("[^1]: ")[2].partition("\n")[0]
        assert "Hong Kong" not in note
        assert "SHA-256 begins 7c7c7c7c7c7c" in note


def test_one_song_is_a_song_and_many_are_counted(named):
    def of_songs(n):
        songs = tuple(replace(named.songs[0], id=f"S{i}", title=f"T{i}") for i in range(n))
        return references(replace(named, songs=songs), style="mla")

    assert "; song “T0” 0101" in of_songs(1)
    assert "; songs “T0” 0101" in of_songs(3)
    assert "; 20 songs (SHA" in of_songs(20)


def test_titles_keep_their_capitals_in_bibtex(named):
    text = references(named, style="bibtex")
    for title in ("{{Night Shift}}", "{Results for {Night Shift}}", "{{Ostinato}: How a film's"):
        assert f"title = {title}" in text
    assert "howpublished = {Film directed by Wong Kar-wai, Jet Tone Production, Hong Kong}" in text


RECORDED = {"performer": "The Mamas & the Papas", "release": "If You Can Believe", "year": 1966}
DISCOGRAPHY = {
    "mla": "The Mamas & the Papas. “California Dreamin'.” *If You Can Believe*, 1966.",
    "chicago": "The Mamas & the Papas. “California Dreamin'.” On *If You Can Believe*, 1966.",
    "apa": "The Mamas & the Papas. (1966). California Dreamin' [Song]. On *If You Can Believe*.",
}


@pytest.mark.parametrize("style", DISCOGRAPHY)
def test_a_recording_that_the_study_names_stands_after_the_film(named, style):
    first, *others = named.songs
    song = replace(first, **RECORDED)
    film, recording, *rest = references(replace(named, songs=(song, *others)), style=style).split(
        "\n\n"
    )
    assert "Night Shift" in film
    assert recording == DISCOGRAPHY[style]
    assert len(rest) == 2  # no other song is named by its study


def test_a_recording_goes_into_reference_managers_with_its_band_in_one_piece(named):
    songs = (replace(named.songs[0], **RECORDED),)
    bibtex = references(replace(named, songs=songs), style="bibtex")
    assert "@misc{song-s1," in bibtex
    assert r"author = {{The Mamas \& the Papas}}," in bibtex
    _, item, *_ = json.loads(references(replace(named, songs=songs), style="csl"))
    assert item["type"] == "song"
    assert item["author"] == [{"literal": "The Mamas & the Papas"}]
    assert item["issued"] == {"date-parts": [[1966]]}

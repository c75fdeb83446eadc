"""A scope is a value: no name of a person's takes another one's place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostinato.measures import scopes_of
from ostinato.results import FILM, Scene, Scope
from ostinato.results.scope import scope_as_text, scope_from_text, scope_schema

names = st.one_of(
    st.text(min_size=1),
    st.sampled_from(
        ("film", "story: one", "scene: film", "day: ", "voice: V1", "film: first 10 %", "scene: ")
    ),
)


@given(names)
def test_a_scene_stays_a_scene_whatever_it_is_called(name):
    scope = Scope.scene(name)
    assert (scope.kind, scope.name, scope.side) == ("scene", name, None)
    assert Scope(str(scope)) == scope


@given(names)
def test_scenes_of_ordinary_names_are_written_by_their_names(name):
    scope = Scope.scene(name)
    assert scope in {name, f"scene: {name}"}
    if ":" not in name and name != "film":
        assert scope == name


@given(st.text().filter(lambda name: "%" not in name))
def test_kind_and_name_are_read_from_the_text(name):
    made = {"story": Scope.story(name), "day": Scope.day(name), "voice": Scope.voice(name)}
    for kind, scope in made.items():
        assert (scope.kind, scope.name, scope.whole) == (kind, name, scope)


@pytest.mark.parametrize("whole", [FILM, Scope.story("two")])
@pytest.mark.parametrize("side", ["first", "after"])
def test_a_part_knows_its_whole(whole, side):
    part = whole.part(side, 20)
    assert part == f"{whole}: {side} 20 %"
    assert (part.whole, part.side, part.percent) == (whole, side, 20)
    assert (part.kind, part.name) == (whole.kind, whole.name)


def test_a_scene_called_film_does_not_take_the_films_place():
    scenes = [Scene(name="film", start_s=0.0, end_s=100.0)]
    named = scopes_of(scenes, film_duration_s=600.0)
    assert {scope: within.duration_s for scope, within in named.items()} == {
        FILM: 600.0,
        Scope.scene("film"): 100.0,
    }


def test_a_file_holds_a_scope_as_its_text_and_nothing_else_is_one():
    assert scope_as_text(Scope.story("two")) == "story: two"
    assert type(scope_as_text(FILM)) is str
    read = scope_from_text(Scope, "day: 1")
    assert (type(read), read) == (Scope, Scope.day("1"))
    assert scope_schema(Scope) == {"type": "string"}
    for refused in (
        lambda: scope_as_text("film"),
        lambda: scope_from_text(str, "film"),
        lambda: scope_from_text(Scope, 7),
        lambda: scope_schema(str),
    ):
        with pytest.raises(NotImplementedError):
            refused()

import pytest

from ostinato.cli.main import main


@pytest.fixture
def films(tmp_path):
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "notes.mkv").write_bytes(b"no film at all")
    return tmp_path


def given(folder, *more):
    places = ("--out", str(folder / "out"), "--cache", str(folder / "cache"))
    return main(["corpus", "--films", str(folder / "films"), "--workers", "1", *places, *more])


def test_a_run_that_has_nothing_to_show_ends_as_refused(films, capsys):
    assert given(films) == 2
    printed = capsys.readouterr()
    assert "0 of 1 film analysed" in printed.out
    assert "notes.mkv" in printed.out
    assert "none of 1 film could be analysed" in printed.err.splitlines()[-1]


def test_a_part_of_which_nothing_can_be_analysed_ends_as_refused_too(films, capsys):
    assert given(films, "--shard", "1/2") == 2
    assert "1 failed" in capsys.readouterr().out
    assert given(films, "--shard", "2/2") == 0


def test_studies_of_which_none_can_be_used_are_all_listed(tmp_path, capsys):
    studies = [tmp_path / name for name in ("one.toml", "two.toml")]
    for study in studies:
        study.write_text("[film\n")
    assert main(["corpus", *map(str, studies), "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr()
    assert all(str(study) in printed.out for study in studies)
    assert "none of 2 films" in printed.err

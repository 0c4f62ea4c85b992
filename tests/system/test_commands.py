"""`centralita backup` and `centralita restore`, with the office closed."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.frame.migrate import migrate
from app.frame.settings import Settings, read_settings
from app.system import shelf
from app.system.commands.safety import backup, before_open, restore


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [n for n in os.environ if n.startswith("CENTRALITA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CENTRALITA_DATA", str(tmp_path / "data"))
    settings = read_settings()
    migrate(settings)
    return settings


def ask(command: object, *words: str) -> Result:
    return CliRunner().invoke(command, words)  # type: ignore[arg-type]


def test_it_works(settings: Settings) -> None:
    made = ask(backup)
    assert made.exit_code == 0, made.output
    (one,) = shelf.listed(settings)
    assert made.output.startswith(one.name)
    assert "comprobado" in made.output
    assert one.name in ask(restore).output
    done = ask(restore, one.name)
    assert done.exit_code == 0, done.output
    assert f"Restaurado: {one.name}" in done.output


def test_a_file_from_elsewhere_can_be_restored_too(settings: Settings, tmp_path: Path) -> None:
    ask(backup)
    (one,) = shelf.listed(settings)
    stick = tmp_path / "stick.db"
    stick.write_bytes(shelf.path_of(settings, one).read_bytes())
    assert "Restaurado: stick.db" in ask(restore, str(stick)).output


def test_an_empty_shelf_says_how_to_begin(settings: Settings) -> None:
    assert "centralita backup" in ask(restore).output


@pytest.mark.parametrize("name", ["nada.db", "../secret"])
def test_an_unknown_name_is_refused(settings: Settings, name: str) -> None:
    said = ask(restore, name)
    assert said.exit_code == 1
    assert "ya no existe" in said.output


def test_a_damaged_backup_is_refused_before_anything_is_asked_for(settings: Settings) -> None:
    ask(backup)
    (one,) = shelf.listed(settings)
    shelf.path_of(settings, one).write_bytes(b"nada")
    said = ask(restore, one.name)
    assert said.exit_code == 1
    assert "dañado" in said.output
    assert not (settings.data / "restore.json").exists()


def test_opening_without_a_request_does_nothing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    before_open(settings)
    assert capsys.readouterr().out == ""
    assert shelf.listed(settings) == []

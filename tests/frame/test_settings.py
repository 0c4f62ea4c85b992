"""Settings from outside: read once, wrong ones named, secrets kept."""

import stat
from pathlib import Path

import pytest

from app.frame.settings import BadSetting, read_settings


def test_it_works(tmp_path: Path) -> None:
    settings = read_settings({"CENTRALITA_DATA": str(tmp_path / "data"), "CENTRALITA_PORT": "8123"})
    assert (settings.port, settings.host, settings.lock_min, settings.session_h) == (8123, "127.0.0.1", 10, 24)
    assert (settings.backup_interval_min, settings.backup_keep_days) == (30, 7)


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    environ = {"CENTRALITA_DATA": str(tmp_path / "data")}
    first = read_settings(environ).secret
    file = tmp_path / "data" / "secret"
    assert len(first) >= 48
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert read_settings(environ).secret == first


def test_any_variable_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "told").write_text("s" * 50 + "\n")
    environ = {"CENTRALITA_DATA": str(tmp_path / "data"), "CENTRALITA_SECRET_FILE": str(tmp_path / "told")}
    assert read_settings(environ).secret == "s" * 50
    assert not (tmp_path / "data" / "secret").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("CENTRALITA_PORT", "many"), ("CENTRALITA_LOCK_MIN", "ten"), ("CENTRALITA_SECRET_FILE", "/no")],
)
def test_what_cannot_be_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_settings({"CENTRALITA_DATA": str(tmp_path), name: value})

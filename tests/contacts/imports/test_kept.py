"""The table that was looked at is the one that is imported, unless somebody wrote the file since."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.contacts.imports import work
from app.contacts.imports.kept import KeptTable
from app.contacts.imports.reading import Sheet, open_sheet
from tests.contacts.imports import files

ROWS = [("Nombre", "Tel"), ("Ana Mora", 88123456), ("Beto Solís", 88123457)]


def opened(path: Path) -> Sheet:
    return open_sheet(path, path.name)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return files.xlsx(tmp_path / "a.xlsx", ROWS)


def test_it_works(path: Path) -> None:
    kept, sheet = KeptTable(), opened(path)
    kept.keep(path, sheet)
    found = kept.find(path, sheet.name, sheet.header_row)
    assert found is not None
    assert (found.grid is sheet.grid, found.headers, found.rows) == (True, ["Nombre", "Tel"], 2)


def test_its_titles_may_be_asked_for_elsewhere(path: Path) -> None:
    kept, sheet = KeptTable(), opened(path)
    kept.keep(path, sheet)
    found = kept.find(path, sheet.name, 0)
    assert found is not None
    assert (found.header_row, found.headers, found.rows) == (0, ["", ""], 3)


def test_a_file_that_was_written_since_is_read_again(path: Path) -> None:
    kept, sheet = KeptTable(), opened(path)
    kept.keep(path, sheet)
    os.utime(path, ns=(1, 1))
    assert kept.find(path, sheet.name, None) is None


def test_another_sheet_another_file_and_a_file_that_is_gone_are_not_found(path: Path, tmp_path: Path) -> None:
    kept, sheet = KeptTable(), opened(path)
    kept.keep(path, sheet)
    other = files.xlsx(tmp_path / "b.xlsx", ROWS)
    assert [kept.find(path, "Otra", None), kept.find(path, None, None), kept.find(other, sheet.name, None)] == [
        None
    ] * 3
    path.unlink()
    assert kept.find(path, sheet.name, None) is None


def test_what_is_too_big_is_not_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.contacts.imports.kept.LIMIT_BYTES", 3)
    kept, sheet = KeptTable(), opened(path)
    kept.keep(path, sheet)
    assert kept.find(path, sheet.name, None) is None


def test_a_look_keeps_it_for_the_check_and_the_import(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = msgspec.to_builtins(work.Task(path=str(path), filename=path.name))
    seen = work.look(told, lambda _: None)  # type: ignore[arg-type]
    monkeypatch.setattr(work, "open_sheet", None)
    task = work.Task(path=str(path), filename=path.name, sheet=seen["sheet"], header_row=seen["header_row"])
    assert work._open(task).headers == ["Nombre", "Tel"]

"""Exports as .json and .vcf."""

import json
from pathlib import Path

import pytest

from app.contacts.exports.writers import FORMATS, Column, write
from app.contacts.imports.reading import open_sheet
from app.contacts.imports.rows import preview
from tests.contacts.exports.tables import COLUMNS, OFFICE, ROWS


def test_it_works(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert write(path, "json", COLUMNS, iter(ROWS), zone=OFFICE) == 3
    first, second, _ = json.loads(path.read_text())
    assert first == {
        "id": 1,
        "phone": "+50688123456",
        "name": "Íñigo Núñez & Hijos <SA>",
        "notes": "línea uno\nlínea dos",
        "tags": ["VIP", "mayorista"],
        "updated_at": "2026-11-20T21:30:00-06:00",
    }
    assert second["updated_at"] is None


def test_nothing_is_an_empty_list(tmp_path: Path) -> None:
    assert write(tmp_path / "a.json", "json", COLUMNS, []) == 0
    assert json.loads((tmp_path / "a.json").read_text()) == []


def test_cards_are_read_back_by_the_import(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    columns = [Column(key, key) for key in ("name", "company", "phone", "phones", "emails", "notes", "tags")]
    rows = [
        (
            "Íñigo Núñez; jr",
            "Sol, S.A.",
            "+50688123456",
            ["+50688123456", "+50687123456"],
            ["a@ejemplo.cr"],
            "a\nb;c",
            ["VIP"],
        ),
        ("", "Sol, S.A.", "", [], ["b@ejemplo.cr"], "ñ" * 200, []),
    ]
    assert write(path, "vcf", columns, rows) == 2
    sheet = open_sheet(path, "a.vcf")
    first, second = preview(sheet, sheet.recognised("CR"), "CR")
    assert (first.name, first.company, first.notes, first.tags) == ("Íñigo Núñez; jr", "Sol, S.A.", "a\nb;c", ("VIP",))
    assert [a.external_id for a in first.addresses] == ["+50688123456", "+50687123456", "a@ejemplo.cr"]
    assert (second.name, second.notes) == ("Sol, S.A.", "ñ" * 200)


def test_every_card_is_well_formed(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    write(path, "vcf", COLUMNS, ROWS, zone=OFFICE)
    content = path.read_bytes()
    assert content.count(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:") == content.count(b"END:VCARD\r\n") == 3
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"FN:?\r\n" in content  # somebody without any name still needs one


def test_no_cards_makes_a_file_that_says_so_and_holds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.vcf"
    assert write(path, "vcf", COLUMNS, []) == 0
    assert "No hay datos que exportar" in path.read_text()
    assert not open_sheet(path, "a.vcf").recognised("CR").is_usable()


def test_every_format_has_a_writer_and_no_other(tmp_path: Path) -> None:
    for name in FORMATS:
        assert write(tmp_path / name, name, COLUMNS, ROWS) == 3
    with pytest.raises(KeyError):
        write(tmp_path / "a", "pdf", COLUMNS, ROWS)

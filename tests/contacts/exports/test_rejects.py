"""The workbook of refused rows: mend it and import it again."""

from pathlib import Path

import fastexcel

from app.contacts.exports.writers import write_rejects
from app.contacts.imports.reading import open_sheet


def test_it_works(tmp_path: Path) -> None:
    path = tmp_path / "rechazados.xlsx"
    refusals = [(3, "Faltan dígitos.", ["Ana", "123"]), (9, "La fila no tiene teléfono ni correo.", ["Eva"])]
    assert write_rejects(path, ["Nombre", ""], refusals) == 2
    rows = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_polars().rows()
    assert rows == [
        ("Nombre", "Columna B", "Motivo", "Fila"),
        ("Ana", "123", "Faltan dígitos.", "3"),
        ("Eva", None, "La fila no tiene teléfono ni correo.", "9"),
    ]


def test_once_mended_it_comes_in_with_the_same_columns(tmp_path: Path) -> None:
    path = tmp_path / "rechazados.xlsx"
    write_rejects(path, ["Nombre", "Celular"], [(3, "Faltan dígitos.", ["Ana Mora", "88123456"])])
    mapping = open_sheet(path, "rechazados.xlsx").recognised("CR")
    assert [column.target for column in mapping.columns] == ["name", "phone", "skip", "skip"]

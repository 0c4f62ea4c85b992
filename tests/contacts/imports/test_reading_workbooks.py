"""Workbooks of every age, as messy as people make them."""

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.reading import Sheet, open_sheet
from tests.contacts.imports import files

PEOPLE = [("Ana Mora", "8812-3456", "ana@ejemplo.cr"), ("Luis Rojas", "8712-3456", ""), ("Eva Solís", "7012 3456", "")]


def rows_of(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row for block in sheet.blocks() for row in block.rows()]


def test_it_works(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", [("Nombre", "Teléfono", "Correo"), *PEOPLE])
    sheet = open_sheet(path, "clientes.xlsx")
    assert (sheet.kind, sheet.name, sheet.header_row, sheet.rows) == ("xlsx", "Hoja1", 1, 3)
    assert sheet.headers == ["Nombre", "Teléfono", "Correo"]
    assert rows_of(sheet) == PEOPLE


def test_the_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.tmp", [("Nombre", "Tel"), ("Ana", "88123456")])
    assert open_sheet(path, "lista.csv").kind == "xlsx"


def test_numbers_are_texts_without_decimals_or_powers(tmp_path: Path) -> None:
    cells = (88123456, 50688123456.0, 5.0688123456e10, 1.5, 120340567)
    path = files.xlsx(tmp_path / "a.xlsx", [("Tel", "Cel", "Móvil", "Nota", "Cédula"), cells])
    assert rows_of(open_sheet(path, "a.xlsx")) == [("88123456", "50688123456", "50688123456", "1.5", "120340567")]


def test_dates_are_iso_and_times_stand_alone(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        stamp, clock = book.add_format({"num_format": "dd/mm/yy hh:mm"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, ["Nombre", "Fecha", "Momento", "Hora", "Tel"])
        sheet.write(1, 0, "Ana")
        sheet.write_datetime(1, 1, dt.date(2024, 1, 5), day)
        sheet.write_number(1, 2, 45296.5625, stamp)
        sheet.write_datetime(1, 3, dt.time(13, 30), clock)
        sheet.write(1, 4, 88123456)
    read = rows_of(open_sheet(tmp_path / "a.xlsx", "a.xlsx"))
    assert read == [("Ana", "2024-01-05", "2024-01-05 13:30:00", "13:30", "88123456")]


def test_titles_logos_and_blank_lines_above_the_header_are_passed_over(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(1, 1, 1, 4, "Lista de clientes del cantón", book.add_format({"bold": True}))
        sheet.write(2, 1, "Actualizada el 5 de enero")
        sheet.write_row(5, 1, ["Cliente", "", "Celular", "Observaciones"])
        sheet.write_row(6, 1, ["Ana", "", 88123456, "llamar"])
        sheet.write_row(8, 1, ["Eva", "", 87123456, ""])
    found = open_sheet(tmp_path / "a.xlsx", "a.xlsx")
    assert found.header_row == 6
    assert found.headers == ["Cliente", "", "Celular", "Observaciones"]
    first = next(found.blocks())
    assert first.first == 6  # so the first person stands in row 7
    assert [row[0] for row in first.rows()] == ["Ana", "", "Eva"]


def test_a_file_without_header_begins_with_its_first_person(tmp_path: Path) -> None:
    found = open_sheet(files.xlsx(tmp_path / "a.xlsx", PEOPLE), "a.xlsx")
    assert (found.header_row, found.headers, found.shape) == (0, ["", "", ""], "")
    assert rows_of(found) == PEOPLE


def test_a_header_of_unknown_words_is_still_a_header(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", [("Fulano", "Aparato"), ("Ana Mora", 88123456), ("Luis Rojas", 87123456)])
    found = open_sheet(path, "a.xlsx")
    assert found.headers == ["Fulano", "Aparato"]
    assert found.rows == 2


def test_people_may_say_which_row_is_the_header(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", [("Nombre", "Tel"), ("Nom", "Fono"), ("Ana", "88123456")])
    assert open_sheet(path, "a.xlsx", header_row=2).headers == ["Nom", "Fono"]
    without = open_sheet(path, "a.xlsx", header_row=0)
    assert (without.header_row, without.rows) == (0, 3)
    assert open_sheet(path, "a.xlsx", header_row=99).header_row == 0


def test_the_sheet_that_looks_like_contacts_is_chosen(tmp_path: Path) -> None:
    read_me = [("Instrucciones de uso",), ("Llene la otra hoja",)]
    path = files.xlsx(
        tmp_path / "a.xlsx", read_me, name="Léame", Vacía=[], Datos=[("Nombre", "Tel"), *[("Ana", 88123456)] * 3]
    )
    found = open_sheet(path, "a.xlsx")
    assert (found.name, found.names) == ("Datos", ["Léame", "Vacía", "Datos"])
    assert open_sheet(path, "a.xlsx", sheet="Léame").rows == 2


def test_hidden_sheets_are_not_chosen(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        shown, hidden = book.add_worksheet("Datos"), book.add_worksheet("Catálogo")
        shown.write_row(0, 0, ["Ana Mora", 88123456])
        hidden.write_row(0, 0, ["Nombre", "Teléfono", "Correo", "Estado"])
        hidden.write_row(1, 0, ["x", 88123456, "a@b.cr", "NC"])
        hidden.hide()
    assert open_sheet(tmp_path / "a.xlsx", "a.xlsx").name == "Datos"


def test_old_excel(tmp_path: Path) -> None:
    path = tmp_path / "viejo.xls"
    path.write_bytes(files.OLD_EXCEL)
    found = open_sheet(path, "viejo.xls")
    assert (found.kind, found.name, found.header_row) == ("xls", "Clientes", 3)
    assert rows_of(found) == [("Íñigo Núñez", "88123456", "2024-01-05"), ("María Mora", "50660123456", "2023-12-31")]


def test_open_document(tmp_path: Path) -> None:
    path = files.ods(
        tmp_path / "a.ods", [("Contactos 2026",), ("Nombre", "Móvil"), ("Íñigo", 88123456), ("Ana & Co", "8712 3456")]
    )
    found = open_sheet(path, "a.ods")
    assert (found.kind, found.header_row) == ("ods", 2)
    assert rows_of(found) == [("Íñigo", "88123456"), ("Ana & Co", "8712 3456")]


def test_blocks_may_be_read_again_and_in_any_size(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", [("Nombre", "Tel"), *[(f"P{i}", 88000000 + i) for i in range(25)]])
    found = open_sheet(path, "a.xlsx")
    assert [(block.first, len(block)) for block in found.blocks(10)] == [(1, 10), (11, 10), (21, 5)]
    assert [row for block in found.blocks(7) for row in block.rows()] == rows_of(found)


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = files.xlsx(tmp_path / "a.xlsx", [("Nombre", "Tel"), ("Ana", 88123456)])
    with pytest.raises(BadFile, match="no tiene una hoja llamada «Enero»"):
        open_sheet(path, "a.xlsx", sheet="Enero")

"""Exports as .xlsx, read back with another library than the one that wrote them."""

import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import fastexcel
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contacts.exports import workbooks
from app.contacts.exports.writers import Column, write
from tests.contacts.exports.tables import COLUMNS, OFFICE, ROWS


def read(path: Path, sheet: int = 0) -> list[tuple]:
    return fastexcel.read_excel(path).load_sheet(sheet, header_row=None).to_polars().rows()


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_it_works(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write(path, "xlsx", COLUMNS, iter(ROWS), zone=OFFICE, title="Contactos") == 3
    assert read(path) == [
        ("ID", "Teléfono", "Nombre", "Nota", "Etiquetas", "Actualizado"),
        (
            "1",
            "+50688123456",
            "Íñigo Núñez & Hijos <SA>",
            "línea uno\nlínea dos",
            "VIP; mayorista",
            "2026-11-20 21:30:00",
        ),
        ("2", None, None, None, None, None),
        ("-3", "+525512345678", "=1+1", " @SUM(A1) ", "=x", "2026-11-20 21:30:00"),
    ]


def test_cells_are_typed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, "xlsx", COLUMNS, [ROWS[0]], zone=OFFICE)
    sheet = fastexcel.read_excel(path).load_sheet(0)
    kinds = {column.name: column.dtype for column in sheet.available_columns()}
    assert (kinds["ID"], kinds["Teléfono"], kinds["Actualizado"]) == ("float", "string", "datetime")


def test_the_header_is_styled_frozen_and_filtered_and_columns_have_widths(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, "xlsx", COLUMNS, ROWS, zone=OFFICE)
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="1"' in sheet
    assert '<autoFilter ref="A1:F4"/>' in sheet
    assert re.search(r'<col min="3" max="3" width="30\.\d+"', sheet)
    assert re.search(r'<c r="A1" s="[1-9]', sheet)
    assert "<b/>" in part(path, "xl/styles.xml")


def test_a_formula_is_only_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, "xlsx", COLUMNS, ROWS, zone=OFFICE)
    assert "<f>" not in part(path, "xl/worksheets/sheet1.xml")


def test_nothing_makes_a_file_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert write(path, "xlsx", COLUMNS, [], zone=OFFICE) == 0
    assert [row[0] for row in read(path)] == ["ID", "No hay datos que exportar con este filtro."]


def test_more_rows_than_a_sheet_holds_go_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 4)
    path = tmp_path / "a.xlsx"
    rows = [(i, "", f"P{i}", "", [], None) for i in range(10)]
    assert write(path, "xlsx", COLUMNS, iter(rows), title="Contactos") == 10
    book = fastexcel.read_excel(path)
    assert book.sheet_names == ["Contactos", "Contactos 2", "Contactos 3"]
    assert [[row[2] for row in read(path, i)[1:]] for i in range(3)] == [
        ["P0", "P1", "P2", "P3"], ["P4", "P5", "P6", "P7"], ["P8", "P9"],
    ]  # fmt: skip


def test_values_of_another_kind_than_their_column_are_written_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [Column("n", "N", "number"), Column("d", "D", "date")]
    write(
        path,
        "xlsx",
        columns,
        [("doce", "ayer"), (float("nan"), date(2026, 1, 5)), (1.5, datetime(2026, 1, 5, tzinfo=UTC))],
    )
    texts = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_polars().rows()
    assert texts[1:] == [("doce", "ayer"), ("nan", "2026-01-05 00:00:00"), ("1.5", "2026-01-05 00:00:00")]


def test_a_text_longer_than_a_cell_is_cut_visibly(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write(path, "xlsx", [Column("t", "T")], [("x" * 40_000,)])
    text = read(path)[1][0]
    assert (len(text), text[-1]) == (32_767, "…")


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_any_text_comes_back(tmp_path, texts) -> None:
    """Letter for letter, except characters that no XML can hold, which show as a question mark, and lone returns."""
    path = tmp_path / "h.xlsx"
    write(path, "xlsx", [Column("n", "N", "number"), Column("t", "T")], [(1, text) for text in texts])
    unfit = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
    expected = [unfit.sub("?", text).replace("\r", "") for text in texts]
    found = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string").to_polars().rows()[1:]
    assert [row[1] if len(row) > 1 and row[1] is not None else "" for row in found] == expected


@pytest.mark.parametrize("literal", ["_x0041_", "a_x000D_b", "_xZZZZ_", "x0041"])
def test_what_looks_like_an_escape_stays_as_it_was(tmp_path: Path, literal: str) -> None:
    path = tmp_path / "a.xlsx"
    write(path, "xlsx", [Column("t", "T")], [(literal,)])
    assert "A" not in read(path)[1][0].replace(literal, "")
    assert workbooks.escaped(literal).replace("_x005F_", "_") == literal

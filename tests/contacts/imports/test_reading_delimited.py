"""Delimited text: whatever separator, encoding and quoting somebody's program chose."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contacts.imports.delimited import DelimitedGrid
from app.contacts.imports.reading import open_sheet
from tests.contacts.imports import files

HEADER = ["Nombre", "Teléfono", "Nota"]
PEOPLE = [["Íñigo Núñez", "8812-3456", "llamar mañana, temprano"], ["Ana Mora", "8712-3456", ""]]


def written(rows: list[list[str]], separator: str = ",", **options: object) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, **options).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def read(path: Path) -> list[list[str]]:
    sheet = open_sheet(path, path.name)
    return [sheet.headers, *(list(row) for block in sheet.blocks() for row in block.rows())]


def test_it_works(tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.csv", written([HEADER, *PEOPLE]))
    sheet = open_sheet(path, "a.csv")
    assert (sheet.kind, sheet.rows, sheet.names) == ("csv", 2, [])
    assert read(path) == [HEADER, *PEOPLE]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_separator(tmp_path: Path, separator: str) -> None:
    path = files.text(tmp_path / "a.csv", written([HEADER, *PEOPLE], separator))
    assert read(path) == [HEADER, *PEOPLE]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "mac_roman", "cp850"],
)
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = files.text(tmp_path / "a.csv", written([HEADER, *PEOPLE], ";"), encoding)
    assert read(path) == [HEADER, *PEOPLE]


def test_one_accent_far_down_the_file_still_decides_the_encoding(tmp_path: Path) -> None:
    rows = [["Nombre", "Tel"], *[[f"Ana {i}", "88123456"] for i in range(60_000)], ["Íñigo", "88123456"]]
    path = files.text(tmp_path / "a.csv", written(rows), "cp1252")
    assert read(path)[-1] == ["Íñigo", "88123456"]


def test_excel_may_say_its_separator_itself(tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.csv", "sep=|\r\n" + written([HEADER, *PEOPLE], "|"))
    assert read(path) == [HEADER, *PEOPLE]


def test_decimal_commas_do_not_hide_the_semicolons(tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.csv", "Nombre;Tel;Monto\nAna;88123456;1,5\nEva;87123456;2,25\nLuz;86123456;3,0\n")
    assert read(path)[1] == ["Ana", "88123456", "1,5"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_end(tmp_path: Path, newline: str) -> None:
    path = files.text(tmp_path / "a.csv", newline.join(["Nombre,Tel", "Ana,88123456", "Eva,87123456"]))
    assert read(path) == [["Nombre", "Tel"], ["Ana", "88123456"], ["Eva", "87123456"]]


def test_quotes_keep_newlines_separators_and_quotes(tmp_path: Path) -> None:
    note = 'dijo "mañana"; si no,\nel lunes'
    path = files.text(tmp_path / "a.csv", written([HEADER, ["Ana", "88123456", note]], ";"))
    assert read(path)[1] == ["Ana", "88123456", note]


def test_a_quote_that_is_never_closed_swallows_nobody(tmp_path: Path) -> None:
    lines = ["Nombre;Tel", '"Ana;88123456', *[f"P{i};{88000000 + i}" for i in range(300)]]
    found = read(files.text(tmp_path / "a.csv", "\n".join(lines)))
    assert len(found) == 302
    assert found[1] == ["Ana", "88123456"]
    assert found[-1] == ["P299", "88000299"]


def test_even_a_few_rows_are_not_swallowed(tmp_path: Path) -> None:
    found = read(files.text(tmp_path / "a.csv", 'Nombre;Tel\n"Ana;88123456\nEva;87123456\nLuz;86123456\n'))
    assert [row[0] for row in found] == ["Nombre", "Ana", "Eva", "Luz"]


def test_text_after_a_closed_quote_does_not_break_cells_with_several_lines(tmp_path: Path) -> None:
    content = 'Nombre;Tel;Nota\n"ACME" S.A.;88123456;"uno\ndos"\nEva;87123456;24" de pantalla\n'
    assert read(files.text(tmp_path / "a.csv", content))[1:] == [
        ["ACME S.A.", "88123456", "uno\ndos"],
        ["Eva", "87123456", '24" de pantalla'],
    ]


def test_rows_of_unequal_length_keep_every_cell(tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.csv", "Nombre,Tel\nAna\nEva,88123456,sobra,más\n")
    assert read(path) == [["Nombre", "Tel", "", ""], ["Ana", "", "", ""], ["Eva", "88123456", "sobra", "más"]]


def test_a_single_column_of_numbers_is_a_file_of_contacts(tmp_path: Path) -> None:
    sheet = open_sheet(files.text(tmp_path / "a.txt", "88123456\n87123456\n\n70123456\n"), "a.txt")
    assert (sheet.header_row, sheet.rows) == (0, 4)
    assert sheet.recognised("CR").of("phone") == [0]


def test_stray_zero_bytes_do_not_reach_the_database(tmp_path: Path) -> None:
    rows = [["Nombre", "Tel"], *[["Ana Mora", "88123456"]] * 5_000, ["Eva\0Mora", "88123456"]]
    assert read(files.text(tmp_path / "a.csv", written(rows)))[-1] == ["EvaMora", "88123456"]


CELLS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters='\n",;|ñáé'),
    max_size=12,
).map(str.strip)
LETTERS = st.text("abcdefñáéí ", min_size=1, max_size=8).map(str.strip).filter(bool)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rows=st.lists(st.tuples(LETTERS, st.from_regex(r"[678]\d{7}", fullmatch=True), CELLS), min_size=3, max_size=30),
    separator=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_program_wrote_is_what_we_read(tmp_path, rows, separator, encoding, quoting) -> None:
    """A header of ours, then any texts in the last column, written by the standard library in any common way."""
    table = [HEADER, *map(list, rows)]
    path = files.text(tmp_path / "h.csv", written(table, separator, quoting=quoting), encoding)
    assert [[cell.strip() for cell in row] for row in read(path)] == table


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=st.lists(st.text("abñ1234567;,|\t\"' ", max_size=40), min_size=1, max_size=40))
def test_no_line_is_ever_lost(tmp_path, lines) -> None:
    """However broken the quotes, a letter that was in the file is in what we read."""
    content = "\n".join(["Nombre;Tel", *lines, "fin;88123456"])
    grid = DelimitedGrid(files.text(tmp_path / "h.csv", content))
    letters = "".join(cell for block in grid.blocks(0, 7) for row in block.rows() for cell in row)
    for char in "abñ1234567":
        assert letters.count(char) == content.count(char)

"""Exports as .csv: readable by Excel, dangerous to nobody."""

import csv
import io
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contacts.exports.clock import Clock
from app.contacts.exports.delimited import DANGEROUS, harmless, phone_text
from app.contacts.exports.table import BLOCK_ROWS, Kind, Row, nothing_here
from app.contacts.exports.writers import Column, write
from tests.contacts.exports.tables import COLUMNS, OFFICE, ROWS


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_it_works(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert write(path, "csv", COLUMNS, iter(ROWS), zone=OFFICE) == 3
    assert read(path) == [
        ["ID", "Teléfono", "Nombre", "Nota", "Etiquetas", "Actualizado"],
        [
            "1",
            "+50688123456",
            "Íñigo Núñez & Hijos <SA>",
            "línea uno\nlínea dos",
            "VIP; mayorista",
            "2026-11-20 21:30:00",
        ],
        ["2", "", "", "", "", ""],
        ["-3", "+525512345678", "'=1+1", "' @SUM(A1) ", "'=x", "2026-11-20 21:30:00"],
    ]


ODD_TEXT = st.text("=+-@ \t\r\n\0\"',;a1ñ5", max_size=6)
CELL = st.one_of(st.none(), st.integers(0, 4 * 10**15), ODD_TEXT, st.just(("+5068", "=x")))


@given(rows=st.lists(st.tuples(CELL, CELL), max_size=5), kind=st.sampled_from(["text", "phone", "number", "date"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_as_the_csv_module_writes_cell_by_cell(tmp_path: Path, rows: list[Row], kind: Kind) -> None:
    path, columns = tmp_path / "a.csv", [Column("a", "A", kind), Column("b", "B")]
    write(path, "csv", columns, rows)
    file = io.StringIO()
    writer = csv.writer(file)
    texts = {"phone": phone_text, "number": _number, "date": _date}.get(kind, harmless)
    writer.writerow(["A", "B"])
    writer.writerows([[texts(a), harmless(b)] for a, b in rows] or [[nothing_here()]])
    assert path.read_bytes().decode("utf-8-sig") == file.getvalue()


def _number(value: object) -> str:
    return str(value) if isinstance(value, int) else harmless(value)


def _date(value: object) -> str:
    return Clock(UTC).text(value) if isinstance(value, int) else harmless(value)


def test_excel_is_told_that_it_is_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, "csv", COLUMNS, ROWS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "attack",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "＝1+1",
        "+50688123456=1",
    ],
)
@pytest.mark.parametrize("kind", ["text", "phone", "number", "date"])
def test_no_cell_can_become_a_formula(tmp_path: Path, attack: str, kind: str) -> None:
    path = tmp_path / "a.csv"
    write(path, "csv", [Column("x", attack, kind)], [(attack,), ([attack],)])  # type: ignore[arg-type]
    assert [row[0][:1] for row in read(path)] == ["'", "'", "'"]


@pytest.mark.parametrize("phone", ["+50688123456", "+506 8812 3456", "+50688123456; +525512345678", "8812 3456"])
def test_phones_stay_readable(tmp_path: Path, phone: str) -> None:
    path = tmp_path / "a.csv"
    write(path, "csv", [Column("phone", "Teléfono", "phone")], [(phone,), (phone.split("; "),)])
    assert [row[0] for row in read(path)[1:]] == [phone, phone]


def test_nothing_makes_a_file_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert write(path, "csv", COLUMNS, []) == 0
    assert read(path)[1] == ["No hay datos que exportar con este filtro."]


def test_every_row_is_written_also_at_the_edges_of_a_block(tmp_path: Path) -> None:
    for count in (BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1):
        path = tmp_path / "a.csv"
        assert write(path, "csv", [Column("n", "N", "number")], ((i,) for i in range(count))) == count
        assert [row[0] for row in read(path)[1:]] == [str(i) for i in range(count)]


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=20), min_size=1, max_size=10))
def test_any_text_comes_back_harmless(tmp_path, texts) -> None:
    path = tmp_path / "h.csv"
    write(path, "csv", [Column("n", "N", "number"), Column("t", "T")], [(1, text) for text in texts])
    found = [row[1] for row in read(path)[1:]]
    assert [cell.removeprefix("'") for cell in found] == [text.removeprefix("'") for text in texts]
    assert not any(cell[:1] in DANGEROUS for cell in found if cell)


def test_instants_that_come_together_are_written_as_one_alone(tmp_path: Path) -> None:
    """One among equals, with nothing and with what is no instant beside it."""
    at = 1_795_000_000_000_000
    alone = read_back(tmp_path, [(at,)])[0]
    assert read_back(tmp_path, [(at,), (None,), (at,), ("=1",)]) == [alone, '""', alone, "'=1"]
    assert read_back(tmp_path, [(at,), (at,)]) == [alone, alone]


def read_back(tmp_path: Path, rows: list[tuple[object, ...]]) -> list[str]:
    write(tmp_path / "dates.csv", "csv", [Column("at", "Creado", "date")], rows)
    return (tmp_path / "dates.csv").read_text("utf-8-sig").splitlines()[1:]

"""Rows into people who may come in, or refusals with a reason."""

from pathlib import Path

import pytest

from app.contacts.imports.candidates import Candidate, Reject, Result
from app.contacts.imports.columns import chosen
from app.contacts.imports.grid import Block
from app.contacts.imports.reading import open_sheet
from app.contacts.imports.rows import Rows, candidates, preview
from tests.contacts.imports import files

FIELDS = {
    "n": "name", "f": "first_name", "l": "last_name", "c": "company", "t": "phone", "w": "whatsapp", "m": "email",
    "s": "status", "o": "notes", "g": "tags", "p": "country", "r": "owner", "x": "custom:cedula", "-": "skip",
}  # fmt: skip


def read(fields: str, *rows: tuple[str, ...], region: str = "CR") -> list[Result]:
    """Rows whose columns are named by one letter each."""
    mapping = chosen([f"Col {c}" for c in fields], {i: FIELDS[c] for i, c in enumerate(fields)})
    columns = [list(column) for column in zip(*rows, strict=True)]
    return Rows(mapping, region).read(Block(1, columns))


def one(fields: str, *cells: str, region: str = "CR") -> Candidate:
    [found] = read(fields, cells, region=region)
    assert isinstance(found, Candidate)
    return found


def refused(fields: str, *cells: str) -> Reject:
    [found] = read(fields, cells)
    assert isinstance(found, Reject)
    return found


def reached(found: Candidate) -> list[tuple[str, str]]:
    return [(address.channel, address.external_id) for address in found.addresses]


def test_it_works() -> None:
    found = one("ntmcso", "Ana Mora", "8812-3456", "Ana@Ejemplo.CR", "Sol S.A.", "Interesado", "llamar luego")
    assert (found.row, found.name, found.company, found.status) == (2, "Ana Mora", "Sol S.A.", "Interesado")
    assert reached(found) == [("phone", "+50688123456"), ("email", "ana@ejemplo.cr")]
    assert (found.notes, found.twin, found.warnings, found.is_company) == ("llamar luego", 0, (), False)


def test_the_operator_comes_along() -> None:
    assert one("t", "88123456").addresses[0].operator == "Kolbi ICE"


def test_a_whole_file(tmp_path: Path) -> None:
    people = [(f"P {i}", 88000000 + i) for i in range(45)]
    sheet = open_sheet(files.xlsx(tmp_path / "a.xlsx", [("Nombre", "Tel"), *people]), "a.xlsx")
    mapping = sheet.recognised("CR")
    blocks = list(candidates(sheet, mapping, "CR", size=20))
    assert [len(block) for block in blocks] == [20, 20, 5]
    everybody = [found for block in blocks for found in block]
    assert [found.row for found in everybody] == list(range(2, 47))
    assert preview(sheet, mapping, "CR") == everybody[:20]


def test_several_phones_in_one_cell_and_in_several_columns() -> None:
    found = one("ttw", "8812-3456 / 2260 4418", "+506 88123456", "8812-3456")
    assert reached(found) == [("phone", "+50688123456"), ("phone", "+50622604418"), ("whatsapp", "+50688123456")]


def test_words_beside_a_phone_are_kept() -> None:
    """Short ones as its label; long ones, and those among several numbers, in the notes."""
    assert one("t", "8812-3456 (mamá)").addresses[0].label == "mamá"
    assert one("t", "casa 2260-4418 ext. 12").addresses[0].label == "casa ext. 12"
    assert [a.label for a in one("t", "Cel: 8812-3456 / Tel. 2260-4418 ext 5").addresses] == ["", "ext. 5"]
    told = "8812-3456 preguntar por Luisa después de las 3"
    assert one("to", told, "uno").notes == f"uno\nCol t: {told}"
    assert one("t", "8812 3456 / 2260-4418 casa").notes == "Col t: 8812 3456 / 2260-4418 casa"
    assert refused("to", told, "n" * 9_990).reason == "«Col o» tiene 10043 letras y el máximo es 10000."
    assert one("t", "8.8123456E7").addresses[0].label == ""
    assert one("t", "8812-3456").notes == ""


def test_an_extension_becomes_a_label() -> None:
    [address] = one("t", "2260-4418 ext. 12").addresses
    assert (address.external_id, address.label) == ("+50622604418", "ext. 12")


@pytest.mark.parametrize("cell", ["88123456.0", "8.8123456E7", "50688123456.00", '="88123456"'])
def test_numbers_spoiled_by_a_spreadsheet_are_mended(cell: str) -> None:
    assert reached(one("t", cell)) == [("phone", "+50688123456")]


def test_a_number_that_lost_digits_is_refused_with_the_remedy() -> None:
    found = refused("nt", "Ana", "5.06881E+10")
    assert found.field == "phone"
    assert "recortó este número" in found.reason


def test_a_refusal_keeps_the_row_as_it_was() -> None:
    found = refused("nto", "Ana", "123", "hola")
    assert (found.row, found.field, found.cells) == (2, "phone", ["Ana", "123", "hola"])
    assert found.reason.startswith("«123»: ")


def test_a_bad_phone_beside_a_good_e_mail_is_a_warning() -> None:
    found = one("tm", "123", "ana@ejemplo.cr")
    assert reached(found) == [("email", "ana@ejemplo.cr")]
    assert [warning.partition(":")[0] for warning in found.warnings] == ["«123»"]


def test_several_e_mails_and_bad_ones() -> None:
    found = one("m", "Ana <ana@ejemplo.cr>; mailto:LUIS@ejemplo.cr, eva@ejemplo")
    assert reached(found) == [("email", "ana@ejemplo.cr"), ("email", "luis@ejemplo.cr")]
    assert found.warnings == ("«eva@ejemplo» no es un correo válido.",)
    assert refused("m", "ana arroba ejemplo").reason == "«ana arroba ejemplo» no es un correo válido."


@pytest.mark.parametrize("nothing", ["", "-", "N/A", "no tiene", "S/N", "0", "000", "ninguno", "sin teléfono"])
def test_cells_that_say_nothing_are_nothing(nothing: str) -> None:
    found = one("ntm", "Ana", nothing, "ana@ejemplo.cr")
    assert found.warnings == ()
    assert refused("ntm", "Ana", nothing, nothing).reason == "La fila no tiene teléfono ni correo."


def test_blank_rows_are_passed_over_in_silence() -> None:
    found = read("nt", ("Ana", "88123456"), ("", ""), ("Eva", "87123456"))
    assert [one.row for one in found] == [2, 4]


def test_names_are_put_together_once() -> None:
    assert one("flt", "Ana  María", "Mora", "88123456").name == "Ana María Mora"
    assert one("nlt", "Ana Mora", "Mora", "88123456").name == "Ana Mora"
    assert one("nllt", "Ana", "Mora", "Solís", "88123456").name == "Ana Mora Solís"
    assert one("nt", "Ana\n Mora", "88123456").name == "Ana Mora"


def test_a_missing_name_is_made_from_the_company_or_the_address() -> None:
    company = one("nct", "", "Sol S.A.", "88123456")
    assert (company.name, company.is_company) == ("Sol S.A.", True)
    assert one("nt", "N/A", "88123456").name == "Contacto +506 8812 3456"
    assert one("nm", "", "ana@ejemplo.cr").name == "ana@ejemplo.cr"


def test_twins_within_the_file_by_number_or_by_e_mail() -> None:
    found = read(
        "ntm",
        ("Ana", "8812-3456", "ana@ejemplo.cr"),
        ("Ana otra vez", "+506 88123456", ""),
        ("Luis", "87123456", "ANA@ejemplo.cr"),
        ("Eva", "70123456", ""),
    )
    assert [one.twin for one in found] == [0, 2, 2, 0]


def test_twins_are_found_across_blocks() -> None:
    rows = Rows(chosen(["Tel"], {0: "phone"}), "CR")
    rows.read(Block(1, [["88123456", "87123456"]]))
    [found] = rows.read(Block(3, [["8712 3456"]]))
    assert (found.row, found.twin) == (4, 3)


def test_the_country_of_the_row_reads_its_number() -> None:
    rows = [("33 1234 5678", "México"), ("8812-3456", "Costa Rica"), ("8812-3456", ""), ("+1 212 555 0123", "EE. UU.")]
    found = read("tp", *rows)
    assert [reached(one)[0][1] for one in found] == ["+523312345678", "+50688123456", "+50688123456", "+12125550123"]
    assert [one.country for one in found] == ["MX", "CR", "", "US"]


def test_a_number_that_is_none_in_the_row_s_country_is_tried_at_home() -> None:
    assert reached(one("tp", "8812-3456", "México")) == [("phone", "+50688123456")]


def test_tags_owner_and_custom_fields() -> None:
    found = one("tgrx", "88123456", "VIP; #mayorista,VIP", "Luis", "1-0234-0567")
    assert (found.tags, found.owner, found.custom) == (("VIP", "mayorista"), "Luis", {"cedula": "1-0234-0567"})


def test_several_notes_keep_their_titles() -> None:
    assert one("too", "88123456", "tarde", "lunes").notes == "Col o: tarde\nCol o: lunes"
    assert one("to", "88123456", "tarde").notes == "tarde"


def test_a_text_that_does_not_fit_refuses_the_row() -> None:
    found = refused("nt", "A" * 201, "88123456")
    assert (found.field, found.reason) == ("name", "«Col n» tiene 201 letras y el máximo es 200.")
    assert one("nt", "A" * 200, "88123456").name == "A" * 200


def test_joined_names_stay_within_the_limit() -> None:
    assert one("flt", "A" * 99, "B" * 99, "88123456").name == "A" * 99 + " " + "B" * 99
    assert refused("flt", "A" * 100, "B", "88123456").field == "first_name"


def test_every_row_gets_an_answer() -> None:
    """As many answers as rows that hold anything, in order, whatever the cells say."""
    cells = ["", "Ana", "88123456", "a@b.cr", "123", "=1+1", "😀", "-", "+", "x" * 300, "8812-3456 / 7", "1e400"]
    rows = [(a, b, c) for a in cells for b in cells for c in cells]
    found = read("ntm", *rows)
    expected = [i + 2 for i, row in enumerate(rows) if any(row)]
    assert [one.row for one in found] == expected
    assert all(one.addresses if isinstance(one, Candidate) else one.reason for one in found)

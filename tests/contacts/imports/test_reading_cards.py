"""Contact cards from old phones, new phones and mail programs."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.contacts.exports import cards as cards_out
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.reading import open_sheet
from app.contacts.imports.rows import candidates
from app.contacts.imports.vcards import cards, unfolded
from tests.contacts.imports import files

VERSION_3 = """BEGIN:VCARD
VERSION:3.0
N:Núñez;Íñigo;;Lic.;
FN:Íñigo Núñez
ORG:Ferretería Central\\, S.A.;Ventas
TEL;TYPE=CELL,VOICE:8812-3456
TEL;TYPE=WORK:+506 2260 4418
TEL;TYPE=FAX:2260 4419
item1.EMAIL;TYPE=INTERNET:inigo@ejemplo.cr
item1.X-ABLabel:trabajo
EMAIL:otro@ejemplo.cr
NOTE:Primera línea\\nsegunda\\; con punto
 y coma que sigue
CATEGORIES:Mayorista,Frecuente
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
 2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkI
END:VCARD
"""
VERSION_2 = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Sol=C3=ADs;Mar=C3=ADa Jos=C3=A9;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Mar=C3=ADa Jos=C3=A9 =
Sol=C3=ADs
TEL;CELL;PREF:87123456
TEL;HOME:22604418
END:VCARD
"""
VERSION_4 = """BEGIN:VCARD
VERSION:4.0
FN:Luz Mora
TEL;VALUE=uri;PREF=1;TYPE="voice,cell":tel:+506-7012-3456
TEL;TYPE=WhatsApp:+506 7012 3457
EMAIL;TYPE=home:mailto:luz@ejemplo.cr
ADR;TYPE=home:;;100 m sur de la iglesia;San José;San José;10101;Costa Rica
BDAY:19900517
END:VCARD
"""


def people(path: Path) -> list[dict[str, str]]:
    sheet = open_sheet(path, path.name)
    return [dict(zip(sheet.headers, row, strict=True)) for block in sheet.blocks() for row in block.rows()]


def test_it_works(tmp_path: Path) -> None:
    found = people(files.text(tmp_path / "a.vcf", VERSION_3 + VERSION_2 + VERSION_4))
    assert [one["Nombre"] for one in found] == ["Íñigo Núñez", "María José Solís", "Luz Mora"]


def test_version_3_folds_lines_escapes_and_groups(tmp_path: Path) -> None:
    [one] = people(files.text(tmp_path / "a.vcf", VERSION_3))
    assert one == {
        "Nombre": "Íñigo Núñez",
        "Empresa": "Ferretería Central, S.A., Ventas",
        "Teléfono": "8812-3456; +506 2260 4418",
        "Correo": "inigo@ejemplo.cr; otro@ejemplo.cr",
        "Observaciones": "Primera línea\nsegunda; con puntoy coma que sigue",
        "Etiquetas": "Mayorista,Frecuente",
    }


def test_version_2_1_quoted_printable_with_soft_breaks(tmp_path: Path) -> None:
    [one] = people(files.text(tmp_path / "a.vcf", VERSION_2))
    assert one == {"Nombre": "María José Solís", "Teléfono": "87123456; 22604418"}


def test_version_4_addresses_are_links_and_whatsapp_is_its_own_channel(tmp_path: Path) -> None:
    [one] = people(files.text(tmp_path / "a.vcf", VERSION_4))
    assert one["Teléfono"] == "+506-7012-3456"
    assert one["WhatsApp"] == "+506 7012 3457"
    assert one["Correo"] == "luz@ejemplo.cr"
    assert one["Dirección"] == "100 m sur de la iglesia, San José, San José, 10101, Costa Rica"


def test_cards_become_candidates_by_the_ordinary_way(tmp_path: Path) -> None:
    sheet = open_sheet(files.text(tmp_path / "a.vcf", VERSION_3 + VERSION_4), "a.vcf")
    [block] = candidates(sheet, sheet.recognised("CR"), "CR")
    assert [(one.name, [(a.channel, a.external_id) for a in one.addresses]) for one in block] == [
        (
            "Íñigo Núñez",
            [
                ("phone", "+50688123456"), ("phone", "+50622604418"),
                ("email", "inigo@ejemplo.cr"), ("email", "otro@ejemplo.cr"),
            ],
        ),
        ("Luz Mora", [("phone", "+50670123456"), ("whatsapp", "+50670123457"), ("email", "luz@ejemplo.cr")]),
    ]  # fmt: skip
    assert block[0].tags == ("Mayorista", "Frecuente")


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ("N:Mora;Ana;María;Dra.;", "Dra. Ana María Mora"),
        ("N:Mora", "Mora"),
        ("NICKNAME:Anita", "Anita"),
        ("FN:\nN:Mora;Ana;;;", "Ana Mora"),
    ],
)
def test_a_name_is_made_from_whatever_there_is(tmp_path: Path, card: str, name: str) -> None:
    path = files.text(tmp_path / "a.vcf", f"BEGIN:VCARD\n{card}\nTEL:88123456\nEND:VCARD\n")
    assert people(path)[0]["Nombre"] == name


def test_a_file_cut_off_in_the_middle_keeps_what_it_has(tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.vcf", VERSION_4 + "BEGIN:VCARD\nFN:Ana\nTEL:88123456\nEMA")
    assert [one["Nombre"] for one in people(path)] == ["Luz Mora", "Ana"]


def test_cards_without_anything_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as caught:
        open_sheet(files.text(tmp_path / "a.vcf", "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n"), "a.vcf")
    assert caught.value.code in ("empty", "no_cards")


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), include_characters="\n;,\\:ñé"),
    max_size=90,
).map(lambda text: text.strip().replace("\ufeff", ""))


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(people=st.lists(st.tuples(TEXTS.filter(bool), TEXTS, TEXTS), min_size=1, max_size=6))
def test_what_we_write_is_what_we_read(people) -> None:
    """Our own cards come back letter for letter, however long the lines and whatever is in them."""
    lines = [
        cards_out.folded(line) + "\r\n"
        for name, company, note in people
        for line in cards_out.card({"name": name, "company": company, "notes": note, "phone": "+50688123456"})
    ]
    assert all(len(part.encode()) <= 75 for line in lines for part in line.split("\r\n"))
    physical = "".join(lines).replace("\r\n", "\n").split("\n")
    for card, (name, company, note) in zip(cards(physical), people, strict=True):
        found = {one.name: one.text() for one in card}
        assert found["FN"] == name
        assert found.get("ORG", "") == company
        assert found.get("NOTE", "") == note


@settings(max_examples=80, deadline=None)
@given(content=st.text('BEGINDVCARTL:;=\\"\n 3.0é', max_size=300))
def test_no_text_breaks_the_reader(content) -> None:
    """Whatever stands in a card, reading ends and loses no line outside the grammar of folding."""
    lines = content.split("\n")
    assert sum(map(len, unfolded(lines))) <= sum(map(len, lines)) + len(lines)
    for card in cards(["BEGIN:VCARD", *lines, "END:VCARD"]):
        assert all(one.name == one.name.upper() for one in card)

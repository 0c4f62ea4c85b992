"""Columns recognised by their titles and by what is in them."""

import msgspec
import pytest

from app.contacts.imports.columns import TARGETS, Mapping, by_title, chosen, recognise, shape_key

PHONES = ["8812-3456", "8712 3456", "70123456", "+506 6012 3456", "2260-4418"]
NAMES = ["Ana Mora Solís", "Luis Rojas", "Íñigo Núñez", "María José Vargas", "Eva Castro"]
MAILS = [f"p{i}@ejemplo.cr" for i in range(5)]


def targets(headers: list[str], *columns: list[str]) -> list[str]:
    return [column.target for column in recognise(headers, list(columns), "CR").columns]


def test_it_works() -> None:
    mapping = recognise(["Cliente", "Celular", "E-mail"], [NAMES, PHONES, MAILS], "CR")
    assert [column.target for column in mapping.columns] == ["name", "phone", "email"]
    assert all(column.confidence > 0.9 for column in mapping.columns)
    assert mapping.columns[1].why == "por el título «Celular»; 100% son teléfonos válidos"


@pytest.mark.parametrize(
    ("title", "target"),
    [
        ("Teléfono", "phone"), ("TELEFONO", "phone"), ("teléfono 2", "phone"), ("Tel.", "phone"), ("Tel. 1", "phone"),
        ("Celular", "phone"), ("Cel", "phone"), ("MÓVIL", "phone"), ("Nº de teléfono", "phone"), ("phone", "phone"),
        ("Número de teléfono", "phone"), ("Phone Number", "phone"), ("mobilePhone", "phone"), ("Tel_Casa", "phone"),
        ("Teléfono del encargado (oficina)", "phone"), ("WhatsApp", "whatsapp"), ("Núm. WhatsApp", "whatsapp"),
        ("Nombre", "name"), ("NOMBRE COMPLETO", "name"), ("Nombre y apellidos", "name"), ("Cliente", "name"),
        ("Full Name", "name"), ("Nombres", "first_name"), ("Apellidos", "last_name"), ("Apellido paterno", "last_name"),
        ("Razón social", "company"), ("razon_social", "company"), ("Empresa", "company"), ("Company", "company"),
        ("Correo", "email"), ("Correo electrónico", "email"), ("E-mail", "email"), ("EMAIL", "email"),
        ("Observaciones", "notes"), ("Obs.", "notes"), ("Nota", "notes"), ("Comentarios", "notes"), ("note", "notes"),
        ("Estado", "status"), ("Estatus", "status"), ("status", "status"), ("Etiquetas", "tags"), ("País", "country"),
        ("Cédula", "custom:cedula"), ("Nº cédula", "custom:cedula"), ("RFC", "custom:rfc"),
        ("Lugar", "custom:direccion"),
        ("Dirección exacta", "custom:direccion"), ("Dirección de correo", "email"), ("Asesor", "owner"), ("C.P.", ""),
        ("CP", "custom:codigo_postal"), ("Fecha de nacimiento", "custom:fecha_nacimiento"), ("Puesto", "custom:cargo"),
        ("Contacto", ""), ("Número", ""), ("", ""), ("Columna rara", ""), ("123", ""),
    ],
)  # fmt: skip
def test_titles_in_spanish_and_english_however_written(title: str, target: str) -> None:
    assert by_title(title)[0] == target


def test_every_target_that_a_title_can_name_exists() -> None:
    for title in ("Tel", "WhatsApp", "Correo", "Nombre", "Nombres", "Apellidos", "Empresa", "Estado", "Nota", "Tags"):
        assert by_title(title)[0] in TARGETS


def test_content_decides_when_there_are_no_titles() -> None:
    notes = ["Llamar después de las cinco porque trabaja en las mañanas"] * 5
    assert targets([""] * 4, NAMES, PHONES, MAILS, notes) == ["name", "phone", "email", "skip"]


def test_content_decides_when_a_title_says_little() -> None:
    assert targets(["Contacto", "Número"], NAMES, PHONES) == ["name", "phone"]
    assert targets(["Contacto", "Número"], PHONES, ["1", "2", "3", "4", "5"]) == ["phone", "skip"]
    assert targets(["Contacto"], MAILS) == ["email"]


def test_content_overrules_a_title_that_is_plainly_wrong() -> None:
    assert targets(["Teléfono", "Correo"], MAILS, PHONES) == ["email", "phone"]
    assert targets(["Nombre", "Cel"], MAILS, PHONES) == ["email", "phone"]


def test_a_note_that_names_a_phone_stays_a_note() -> None:
    calls = ["llamar al 2260-4418", "Prefiere el 8812-3456 por la tarde", "el del hermano: 7012 3456"]
    assert targets(["Nombre", "Tel", "Observaciones"], NAMES, PHONES, calls) == ["name", "phone", "notes"]
    assert targets(["Nombre", "Tel", "Cliente"], NAMES, PHONES, calls) == ["name", "phone", "skip"], "two names"
    assert targets(["", "", ""], NAMES, PHONES, calls)[2] != "phone"


def test_several_numbers_with_a_word_beside_each_are_phones() -> None:
    cells = ["Cel 8812-3456 / casa 2260-4418", "8712 3456 (Ana)", "Tel. 70123456", "2260-4418 ext 12", "60123456"]
    assert targets(["", ""], NAMES, cells) == ["name", "phone"]


def test_an_identity_card_that_looks_like_a_phone_stays_an_identity_card() -> None:
    assert targets(["Cédula", "Tel"], ["88123456", "87123456", "70123456"], PHONES) == ["custom:cedula", "phone"]


def test_a_column_called_phone_without_phones_is_kept_with_little_confidence() -> None:
    [column] = recognise(["Teléfono"], [["abc", "123", "xyz"]], "CR").columns
    assert (column.target, column.confidence) == ("phone", 0.3)
    assert "solo 0% son teléfonos válidos" in column.why


def test_row_numbers_and_dates_are_not_phones() -> None:
    row_numbers = [str(22604400 + i) for i in range(20)]
    dates = ["20240105", "20240212", "20231231", "20220910"]
    assert targets(["", ""], row_numbers, dates) == ["skip", "skip"]


def test_state_may_mean_the_province() -> None:
    assert targets(["Estado", "Tel"], ["Jalisco", "Nuevo León", "Puebla", "CDMX"], PHONES)[0] == "custom:provincia"
    assert targets(["Estado", "Tel"], ["Interesado", "NC", "Cuelga"], PHONES)[0] == "status"


def test_several_phone_columns_are_all_phones_but_there_is_one_name() -> None:
    columns = (NAMES, NAMES[::-1], PHONES, PHONES, PHONES)
    found = recognise(["Nombre", "Persona", "Tel casa", "Tel oficina", "WhatsApp"], list(columns), "CR")
    assert [c.target for c in found.columns] == ["name", "skip", "phone", "phone", "whatsapp"]
    assert found.columns[1].why == "«Nombre» lo dice mejor"


def test_companies_and_countries_by_their_cells() -> None:
    companies = ["Ferretería Sol S.A.", "Abarrotes Luna S.A. de C.V.", "Taller Mora Ltda.", "Panadería Eva", "Café SRL"]
    assert targets(["", "", ""], companies, ["Costa Rica", "México", "CR"], PHONES) == ["company", "country", "phone"]


def test_an_unknown_column_is_left_out_and_says_how_to_keep_it() -> None:
    [column, _] = recognise(["Talla de zapato", "Tel"], [["38", "41", "40"], PHONES], "CR").columns
    assert column.target == "skip"
    assert column.why == "no se reconoció; elija un destino si la quiere guardar"


def test_mexican_numbers_are_phones_in_a_mexican_office() -> None:
    numbers = ["33 1234 5678", "55 1234 5678", "8112345678"]
    assert [c.target for c in recognise([""], [numbers], "MX").columns] == ["phone"]


def test_a_mapping_travels_as_plain_data() -> None:
    mapping = recognise(["Nombre", "Tel"], [NAMES, PHONES], "CR")
    assert msgspec.convert(msgspec.to_builtins(mapping), Mapping) == mapping


def test_a_person_may_choose() -> None:
    mapping = chosen(["A", "B", "C"], {0: "name", 1: "phone", 2: "custom:talla"})
    assert (mapping.of("phone"), mapping.one("name"), mapping.custom()) == ([1], 0, {"talla": 2})
    assert mapping.is_usable()
    assert not chosen(["A"], {0: "name"}).is_usable()
    for nonsense in ("nothing", "custom:"):
        with pytest.raises(ValueError, match=nonsense):
            chosen(["A"], {0: nonsense})


def test_the_shape_of_a_file_does_not_depend_on_how_titles_are_written() -> None:
    assert shape_key(["Teléfono", "Nombre"]) == shape_key(["TELEFONO ", "nombre:"])
    assert shape_key(["Teléfono", "Nombre"]) != shape_key(["Nombre", "Teléfono"])
    assert shape_key(["", ""]) == ""

"""Files that cannot be imported: each gets one sentence that says why, never an error of ours."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.contacts.imports import archives, delimited, kinds, taste
from app.contacts.imports.bad_file import SENTENCES, BadFile
from app.contacts.imports.reading import Sheet, open_sheet
from app.contacts.imports.workbook import guarded
from tests.contacts.imports import files

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def refusal(path: Path, name: str = "archivo.xlsx") -> BadFile:
    with pytest.raises(BadFile) as caught:
        open_sheet(path, name)
    assert caught.value.sentence.endswith(".")
    assert "%(" not in caught.value.sentence
    return caught.value


def made(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def good(tmp_path: Path) -> bytes:
    rows = [("Nombre", "Teléfono"), *[(f"Ana {i}", 88000000 + i) for i in range(300)]]
    return files.xlsx(tmp_path / "good.xlsx", rows).read_bytes()


def test_it_works(tmp_path: Path) -> None:
    assert refusal(made(tmp_path / "a.xlsx", b"")).code == "empty"


HTML = b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><td>Ana</td><td>88123456</td></table></html>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HTML, "web_page"),
        (b"\xef\xbb\xbf \r\n<!DOCTYPE html><html></html>", "web_page"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', "web_page"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>', "old_xml"),
        ("<html><table>ñ</table></html>".encode("utf-16"), "web_page"),
        (b"%PDF-1.7 ...", "other_kind"),
        (b"\x89PNG\r\n\x1a\n....", "other_kind"),
        (b'{"contacts": []}', "other_kind"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel"),
        (OLE + b"\0" * 600, "other_kind"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 900, "broken"),
        (b"PK\x05\x06" + b"\0" * 18, "other_kind"),
        (b"PK\x03\x04 and then nothing", "broken"),
        (b"\n\n  \n;;;\n", "empty"),
        (b"\0\1\2\3\4\5\6\7" * 100, "not_text"),
        (b"BEGIN:VCARD-but-not-really\nTEL:1\n", "no_cards"),
    ],
)
def test_each_kind_of_wrong_file_is_called_by_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(made(tmp_path / "a.xls", content), "a.xls").code == code


def test_a_document_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "documento de texto" in refusal(tmp_path / "a.docx").sentence


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "gone.xlsx").code == "missing"


def test_a_workbook_without_cells(tmp_path: Path) -> None:
    assert refusal(files.xlsx(tmp_path / "a.xlsx", [])).code == "empty"


def test_a_header_alone_is_empty(tmp_path: Path) -> None:
    assert refusal(files.xlsx(tmp_path / "a.xlsx", [("Nombre", "Teléfono")])).code == "empty"


def test_too_heavy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "LIMIT_BYTES", 2**20)
    refused = refusal(made(tmp_path / "a.csv", b"Ana;88123456\n" * 100_000))
    assert refused.sentence == "El archivo pesa 2 MB y el máximo es 1 MB. Divídalo en partes."


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LIMIT_ROWS", 50)
    assert refusal(files.text(tmp_path / "a.csv", "Ana;88123456\n" * 60)).code == "too_many_rows"
    fits = files.text(tmp_path / "b.csv", "Nombre;Tel\n" + "Ana;88123456\n" * 50)
    assert open_sheet(fits, "b.csv").rows == 50


@pytest.mark.parametrize("kept", [1, 5, 30, 60, 90, 99])
def test_a_truncated_workbook_is_broken(tmp_path: Path, kept: int) -> None:
    whole = good(tmp_path)
    assert refusal(made(tmp_path / "a.xlsx", whole[: len(whole) * kept // 100])).code in ("broken", "not_text", "empty")


def test_a_workbook_with_damaged_bytes_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    whole, dice = good(tmp_path), random.Random(7)
    outcomes = set()
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 40)):
            damaged[dice.randrange(4, len(damaged))] = dice.randrange(256)
        outcomes.add(opened(made(tmp_path / "a.xlsx", bytes(damaged))))
    assert "broken" in outcomes


def test_an_old_workbook_with_damaged_bytes_is_refused_or_read_but_never_crashes(tmp_path: Path) -> None:
    dice = random.Random(11)
    for _ in range(12):
        damaged = bytearray(files.OLD_EXCEL)
        for _ in range(dice.randint(1, 30)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        assert opened(made(tmp_path / "a.xls", bytes(damaged))) in ("read", *SENTENCES)


@pytest.mark.parametrize(
    "errand",
    ["import os; os.abort()", "while True: pass", "bytearray(2**33)", "raise SystemExit(7)"],
)
def test_a_parser_that_dies_hangs_or_devours_is_a_broken_file(tmp_path, monkeypatch, errand: str) -> None:
    """The taster is a process of its own: whatever becomes of it, we stay."""
    taster = tmp_path / "taster.py"
    taster.write_text(f"import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))\n{errand}\n")
    monkeypatch.setattr(taste, "TIME_S", 1)
    monkeypatch.setattr(taste, "TASTER", taster)
    with pytest.raises(BadFile) as caught:
        taste.check(made(tmp_path / "a.xls", files.OLD_EXCEL))
    assert caught.value.code == "broken"


def opened(path: Path) -> str:
    try:
        assert isinstance(open_sheet(path, path.name), Sheet)
    except BadFile as refused:
        return refused.code
    return "read"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=2000))
@example(b"\xff\xfe")
@example(b"\xff\xfe\xff")
@example(b'"')
@example(b"sep=;")
@example(b"PK")
@example(b"BEGIN:VCARD")
@example(b"\x00a\x00b")
def test_random_bytes_are_refused_or_read_but_never_crash(tmp_path, content) -> None:
    assert opened(made(tmp_path / "random.xlsx", content)) in ("read", *SENTENCES)


@pytest.mark.parametrize(
    "head", [b"PK\x03\x04", OLE, OLE + "Workbook".encode("utf-16-le"), b"BEGIN:VCARD\n", b"\xff\xfe"]
)
def test_random_bytes_behind_a_true_beginning_never_crash(tmp_path: Path, head: bytes) -> None:
    dice = random.Random(3)
    for _ in range(5):
        assert opened(made(tmp_path / "a.bin", head + dice.randbytes(dice.randint(0, 5000)))) in ("read", *SENTENCES)


def test_a_bomb_is_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (80 * 2**20))
    assert refusal(tmp_path / "a.xlsx").code == "bomb"


def test_a_bomb_that_lies_about_its_size_is_caught_while_reading(tmp_path: Path) -> None:
    """The directory promises 100 bytes; what comes out is more, and no more than the promise is ever unpacked."""
    made_in = io.BytesIO()
    with zipfile.ZipFile(made_in, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 5_000_000)
    lie, truth = struct.pack("<I", 100), struct.pack("<I", 5_000_000)
    assert made_in.getvalue().count(truth) >= 2
    assert refusal(made(tmp_path / "a.xlsx", made_in.getvalue().replace(truth, lie))).code == "broken"


def test_too_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LIMIT_ENTRIES", 5)
    assert refusal(made(tmp_path / "a.xlsx", good(tmp_path))).code == "bomb"


def test_a_stray_cell_in_the_far_corner_is_named(tmp_path: Path) -> None:
    rows = [("Nombre", "Tel"), ("Ana", 88123456)]
    path = files.xlsx(tmp_path / "a.xlsx", rows)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    refused = refusal(path)
    assert refused.code == "too_wide"
    assert "1\u00a0048\u00a0576 filas" in refused.sentence


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    content = bytearray(good(tmp_path))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        offsets = [info.header_offset for info in archive.infolist()]
    directory = bytes(content).index(b"PK\x01\x02")
    content[directory + 8] |= 1
    content[offsets[0] + 6] |= 1
    assert refusal(made(tmp_path / "a.xlsx", bytes(content))).code == "encrypted"


def test_an_open_document_with_a_password(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"\x81\x92 not xml")
        archive.writestr(
            "META-INF/manifest.xml", "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
        )
    assert refusal(tmp_path / "a.ods", "a.ods").code == "encrypted"


def test_a_password_that_the_parser_finds_is_named_too() -> None:
    def parser() -> None:
        raise ValueError("Workbook is password protected")

    with pytest.raises(BadFile) as caught:
        guarded(parser)
    assert caught.value.code == "encrypted"


def test_a_panic_of_the_parser_is_a_broken_file_and_a_stop_stays_a_stop() -> None:
    panic = type("PanicException", (BaseException,), {})

    def panics() -> None:
        raise panic("index out of bounds")

    def stopped() -> None:
        raise KeyboardInterrupt

    with pytest.raises(BadFile) as caught:
        guarded(panics)
    assert caught.value.code == "broken"
    with pytest.raises(KeyboardInterrupt):
        guarded(stopped)

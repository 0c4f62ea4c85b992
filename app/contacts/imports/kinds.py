"""What a file is, by its first bytes. Its name says little: people rename, and old systems save pages as .xls."""

import zipfile
from pathlib import Path

from app.contacts.imports.bad_file import BadFile
from app.frame.i18n import N_, _

LIMIT_BYTES = 100 * 2**20
HEAD_BYTES = 4096

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLD_EXCEL = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
OTHERS = {
    b"%PDF": N_("un PDF"),
    b"\x89PNG": N_("una imagen"),
    b"\xff\xd8\xff": N_("una imagen"),
    b"GIF8": N_("una imagen"),
    b"Rar!": N_("un archivo comprimido"),
    b"7z\xbc\xaf": N_("un archivo comprimido"),
    b"\x1f\x8b": N_("un archivo comprimido"),
    b"SQLite format 3": N_("una base de datos"),
    b"{": N_("JSON"),
    b"[{": N_("JSON"),
    b"{\\rtf": N_("un documento de texto"),
}
UTF16_NAMES = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book")}


def kind_of(path: Path) -> str:
    """ "xlsx", "ods", "xls", "vcf" or "csv". Raises BadFile for anything else."""
    _check_size(path)
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith(b"PK"):
        return _in_zip(path)
    if head.startswith(OLE):
        return _in_ole(path.read_bytes())
    if head.startswith(OLD_EXCEL):
        raise BadFile("old_excel")
    return _in_text(head)


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BadFile("missing") from error
    if size == 0:
        raise BadFile("empty")
    if size > LIMIT_BYTES:
        raise BadFile("too_big", size=-(-size // 2**20), limit=LIMIT_BYTES // 2**20)


def _in_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadFile("broken") from error
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise BadFile("other_kind", kind=_(_zipped_kind(names)))


def _zipped_kind(names: set[str]) -> str:
    is_document = any(name.startswith(("word/", "ppt/")) for name in names)
    return N_("un documento de texto") if is_document else N_("un archivo comprimido")


def _in_ole(data: bytes) -> str:
    """The container of Excel 97-2003, and also the wrapping of an .xlsx with a password."""
    if UTF16_NAMES["EncryptedPackage"] in data:
        raise BadFile("encrypted")
    if UTF16_NAMES["Workbook"] in data or UTF16_NAMES["Book"] in data:
        return "xls"
    raise BadFile("other_kind", kind=_(N_("un documento de texto")))


def _in_text(head: bytes) -> str:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "replace").encode()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:11].upper() == b"BEGIN:VCARD":
        return "vcf"
    _refuse_markup(start[:2048].lower())
    for magic, kind in OTHERS.items():
        if start.startswith(magic):
            raise BadFile("other_kind", kind=_(kind))
    return "csv"


def _refuse_markup(start: bytes) -> None:
    if not start.startswith(b"<"):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise BadFile("old_xml")
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<head", b"<body", b"<style")):
        raise BadFile("web_page")
    raise BadFile("web_page" if b"<html" in start or b"<table" in start else "not_text")

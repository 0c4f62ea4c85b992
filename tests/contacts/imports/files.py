"""Makes the files that the tests import: good ones, messy ones, broken ones."""

import base64
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Rows = Iterable[Iterable[Any]]

# A workbook of Excel 97: title, blank row, header, two people with phones as numbers and dates of birth.
OLD_EXCEL = zlib.decompress(
    base64.b85decode(
        "c-rk)OK1~882<K=G>LsAu@PFKECt(I3q`zmX<{F?r-WJ$J`i-<E>aqkvc`iwXtm}j2p&Z75~v3+Q7=AF!N<jeQqhAT2#p@aLqI{K?fTE3T}*3*"
        "2DA{_Z<&8){`tR|*_rugX7}}cXd!o}xqwxOLcy}-hqp{8QSdvNAgJ83MAC_U6f7521;39b((A#)x|cO#4#j*IAmg_BlqB$x!Vyd%kxm)f2BMGq"
        "pi80;JtQSuCrv$?xL0A8V=Onbyv3G}SngrXMV38eyC5CLd@Rwq+g`;7<yJ1Mhp6`+bKbLNCn9(uR`J<OQpwhXUUNcER#`!dT8lZ*gbo=g!xZ@j"
        "+&};r80e12yAKf-&`6U#hi{e!e099~iRS7zRxg3{-&g8u{-F2KB(Bz9mQ`Q|)-iUHEbYrtwX_-cCnt<l#yGi%{p{9Wb{32nQ)x3}Xyb-9W?N86"
        "B7I`iG-$>28_82i-K08tlNo&z@Txd*Jgp^u6pd+GKylstqHFQAsRzVqz`I9q#qLqZUR6tS91WZfv2O*bON%#)Z{nlFv7@Y+;S-~Du51&p0So5@"
        "gUIz<;$f*!=w!wYmgl+Ft(<OV*+`ZYw+%<^#NaI3T;S3+YG)VYZLGa4-9hQ>=Y98EvY%qxDV-lGOgHA=#d2t+b8ejY;+aL4)FoZJD)1oY#FD)S"
        "ePG%2+kWJegZ8^w_TkxpCE<aD5KCbp^V_Yokl8|vNh#-yUnwV3PO;g_8f=BxVk{q150w%-Cr83~_FS+9PhEqjGEa=RLSwHok7j7F<4Swq8CjIe"
        "R9~Lzh{|Ey6&<2|_7?(h;lhOr7cN}5a8V5q_e|NoW2^R!TioJn?EgAT6qeoJB>yc&kftX?AC-HNqS(agiq_8-cqFGTX`LMBf1$tuYTd*nM!6r8"
        "6|Z0V3X{s;XWhi$-*cf#+h4AvpZ~c1pEnon!T"
    )
)
ODS_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def xlsx(path: Path, rows: Rows, *, name: str = "Hoja1", **more: Rows) -> Path:
    """A workbook with one sheet, and one more for each further keyword."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
        for title, table in {name: rows, **more}.items():
            sheet = book.add_worksheet(title)
            for i, row in enumerate(table):
                sheet.write_row(i, 0, row)
    return path


def ods(path: Path, rows: Rows) -> Path:
    """The smallest OpenDocument sheet that a reader takes."""
    cells = ("".join(map(_ods_cell, row)) for row in rows)
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    body = f'<table:table table:name="Contactos">{table}</table:table>'
    content = f"<office:document-content {ODS_SPACES}><office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"  # noqa: E501
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def _ods_cell(value: Any) -> str:
    if isinstance(value, int | float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>x</text:p></table:table-cell>'
        )
    text = f"<text:p>{escape(value)}</text:p>"
    return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding))
    return path

"""Reads every sheet of the workbook named on the command line. Its exit code says how that went; see taste.py."""

import resource
import sys

ENCRYPTED = 3
MEMORY_BYTES = 2 * 2**30
MOST_SHEETS = 12


def main(path: str) -> int:
    import fastexcel  # here, for taste.py imports this file for its number

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    try:
        book = fastexcel.read_excel(path_as_bytes(path))
        for name in book.sheet_names[:MOST_SHEETS]:
            book.load_sheet(name, header_row=None, dtypes="string")
    except fastexcel.FastExcelError as error:
        said = str(error).lower()
        return ENCRYPTED if "password" in said or "encrypt" in said else 1
    return 0


def path_as_bytes(path: str) -> bytes:
    """The parser goes by the name's ending unless it gets the bytes."""
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""The table that was looked at last stays a while: who looks at a file mostly imports it next."""

from pathlib import Path

from app.contacts.imports.reading import Sheet

LIMIT_BYTES = 64 * 2**20
Key = tuple[str, int, int, str]


class KeptTable:
    """One table at most, known by the file's name, size and last change, and by the sheet's name."""

    def __init__(self) -> None:
        self._held: tuple[Key, Sheet] | None = None

    def keep(self, path: Path, sheet: Sheet) -> None:
        """Unless it is too big, or is read from its file again and again anyway."""
        size = sheet.grid.size_bytes
        self._held = (_key(path, sheet.name), sheet) if size and size <= LIMIT_BYTES else None

    def find(self, path: Path, name: str | None, header_row: int | None) -> Sheet | None:
        """The table of this file, if it is that one and nobody wrote the file since."""
        if self._held is None or not name or not path.exists() or self._held[0] != _key(path, name):
            return None
        return self._held[1].with_header(header_row)

    def drop(self) -> None:
        self._held = None


def _key(path: Path, name: str) -> Key:
    seen = path.stat()
    return str(path), seen.st_size, seen.st_mtime_ns, name

"""Files on their way out: how large they are, and opened to be read."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.contract import N_, Attachment, SendError

MB = 1024 * 1024
NO_FILE = N_("El archivo «%(name)s» ya no está en esta máquina.")
EMPTY = N_("El archivo «%(name)s» está vacío.")
LARGE = N_("El archivo «%(name)s» pesa %(size)s MB; Meta acepta hasta %(most)s MB de este tipo.")


def fits(file: Attachment, most: int) -> None:
    """`most` bytes. Raises SendError."""
    size = _size(file)
    if size == 0:
        raise SendError(True, "file_empty", EMPTY, name=file.name)
    if size is not None and size > most:
        size_mb, most_mb = round(size / MB, 1), round(most / MB, 1)
        raise SendError(True, "file_too_large", LARGE, name=file.name, size=size_mb, most=most_mb)


def _size(file: Attachment) -> int | None:
    """In bytes, of what is here; what is only said of what has an address."""
    if file.content is not None:
        return len(file.content)
    path = Path(file.path)
    return path.stat().st_size if file.path and path.is_file() else file.size


@contextmanager
def opened(file: Attachment) -> Iterator[Any]:
    """The file's bytes, or the open file. Raises SendError when it is not there."""
    if file.content is not None:
        yield file.content
    elif not os.access(file.path, os.R_OK) or not Path(file.path).is_file():
        raise SendError(True, "no_file", NO_FILE, name=file.name)
    else:
        with Path(file.path).open("rb") as stream:
            yield stream

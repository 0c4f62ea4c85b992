"""Keyset cursors: where a list goes on, as opaque text."""

import base64
import binascii

import msgspec

from app.frame.i18n import _
from app.frame.refused import Refused


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """The last row's order value and id."""

    sort: str
    value: int | str | None
    id: int


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Cursor)


def encode(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(_encoder.encode(cursor)).decode().rstrip("=")


def decode(text: str, sort: str) -> Cursor:
    """Raises Refused when the text is not a cursor of this order."""
    try:
        cursor = _decoder.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        cursor = None
    if cursor is None or cursor.sort != sort:
        raise Refused(_("El cursor «after» no es de esta lista. Empiece de nuevo sin él."), "after")
    return cursor

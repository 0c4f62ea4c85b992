"""How arriving messages are kept while they are read: every field as it came, undecoded."""

from email.errors import MessageError
from email.policy import Compat32
from typing import Any

CONTENT_MAX = 8_000


class Undecoded(Compat32):
    """compat32 hides raw 8-bit bytes in a field behind question marks; file names and subjects need them."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """A Content-Type of thousands of parameters is after us: the library sorts them slowly."""
        return value[:CONTENT_MAX] if name.lower().startswith("content-") else value

    def fold_binary(self, name: str, value: str) -> bytes:
        """Written again as it came: the library's own folding raises on some of what it has read."""
        return f"{name}: {value}".encode("utf-8", "surrogateescape") + b"\n"


STUMBLES = (ValueError, TypeError, LookupError, AttributeError, MessageError)
"""What the library raises, while it is asked, for fields and parts that are broken enough."""
RAW = Undecoded(mangle_from_=False)

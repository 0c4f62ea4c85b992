"""Reading octets without ever falling off their end."""


class Malformed(ValueError):
    """These octets are no message."""


class Reader:
    """Takes octets from the front. Raises Malformed where there are none left."""

    __slots__ = ("at", "octets")

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.at = 0

    def octet(self) -> int:
        try:
            value = self.octets[self.at]
        except IndexError:
            raise Malformed("it ends too soon") from None
        self.at += 1
        return value

    def take(self, count: int) -> bytes:
        taken = self.octets[self.at : self.at + count]
        if len(taken) < count:
            raise Malformed("it ends too soon")
        self.at += count
        return taken

    def rest(self) -> bytes:
        return self.octets[self.at :]


def from_hex(text: str) -> bytes:
    """Raises Malformed."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Malformed("it is not hexadecimal") from None

"""What a modem's errors mean for us (3GPP TS 27.005 3.2.5, 27.007 9.2, 24.011 annex E, 23.040 9.2.3.22)."""

import re
from typing import Literal

Meaning = Literal["again", "never", "human", "wait", "full", "doubt"]
"""again: later; never: not this one; human: a person must act; wait: the modem or network is not there yet;
full: free the memory; doubt: the network did not say what became of it."""

CMS: dict[Meaning, tuple[int, ...]] = {
    "again": (27, 38, 41, 42, 47, 111, 127, 192, 194, 212, 300, 301, 302, 304, 305, 320, 321, 500),
    "never": (1, 8, 10, 21, 28, 29, 30, 69, 81, 95, 96, 97, 98, 99, 195, 196, 197, 198, 199, 303, 340),
    "human": (50, 193, 310, 311, 312, 313, 315, 316, 317, 318, 330),
    "wait": (314, 331),
    "full": (208, 210, 211, 322),
    "doubt": (332,),
}
CME: dict[Meaning, tuple[int, ...]] = {
    "again": (0, 31, 100, 148, 256),
    "never": (3, 4, 21, 24, 25, 26, 27, 50),
    "human": (5, 6, 7, 10, 11, 12, 13, 15, 16, 17, 18, 40, 42),
    "wait": (14, 30, 32, 515),
    "full": (20,),
}
WORDS: tuple[tuple[str, str, int], ...] = (
    ("CME", "sim not inserted", 10), ("CME", "sim pin required", 11), ("CME", "sim puk required", 12),
    ("CME", "sim failure", 13), ("CME", "sim busy", 14), ("CME", "sim wrong", 15), ("CME", "incorrect password", 16),
    ("CME", "memory full", 20), ("CME", "no network service", 30), ("CME", "network timeout", 31),
    ("CME", "operation not allowed", 3), ("CME", "operation not supported", 4), ("CMS", "memory full", 322),
    ("CMS", "no network service", 331), ("CMS", "network timeout", 332), ("CMS", "sim not inserted", 310),
    ("CMS", "sim busy", 314), ("CMS", "smsc address unknown", 330), ("CMS", "unknown error", 500),
)  # fmt: skip
REFUSED_BY_CENTRE = range(128, 192)  # TP-FCS: what it will never take
ERROR = re.compile(r"(?:\+(CM[ES])|MODEM) ERROR\b ?:? ?(.*)", re.IGNORECASE)
BARE = ("ERROR", "COMMAND NOT SUPPORT", "TOO MANY PARAMETERS")


class Failure(Exception):
    """The modem said no. `kind`: CME, CMS or "" for a bare ERROR; `code` None when it gave none."""

    def __init__(self, kind: str, code: int | None, meaning: Meaning) -> None:
        super().__init__(f"{kind} {code}".strip())
        self.kind = kind
        self.code = code
        self.meaning = meaning

    @property
    def name(self) -> str:
        """As a receipt keeps it: cms-38."""
        return f"{self.kind.lower() or 'at'}-{'error' if self.code is None else self.code}"


def failure_of(line: str) -> Failure | None:
    """None when the line is no error."""
    if line.upper() in BARE:
        return Failure("", None, "again")
    found = ERROR.fullmatch(line)
    if not found:
        return None
    kind = (found[1] or "").upper()
    code = _code(kind, found[2].strip())
    return Failure(kind, code, meaning_of(kind, code))


def _code(kind: str, said: str) -> int | None:
    if said.isascii() and said.isdigit():
        return int(said[:6])
    return next((code for of, words, code in WORDS if of == kind and words == said.lower()), None)


def meaning_of(kind: str, code: int | None) -> Meaning:
    """Unknown codes may pass: again."""
    for meaning, codes in {"CMS": CMS, "CME": CME}.get(kind, {}).items():
        if code in codes:
            return meaning
    return "never" if kind == "CMS" and code in REFUSED_BY_CENTRE else "again"

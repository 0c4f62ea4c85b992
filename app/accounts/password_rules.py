"""What a password must be: long, not one that everybody tries, not the person's or the office's own name."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.frame.i18n import _
from app.frame.refused import Refused

MIN, MAX = 10, 200
OWN_MIN = 4
LEFT_MIN = 6
LIST = Path(__file__).parent / "data" / "common_passwords.txt"
LEET = str.maketrans("0134578@$!", "oieastbasi")
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p")


@cache
def common() -> frozenset[str]:
    """Passwords that everybody tries first; our own compilation."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def fold(text: str) -> str:
    """Lower case without accents or spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c) and not c.isspace())


def check_password(password: str, own: Iterable[str] = (), field: str = "password") -> None:
    """Raises Refused with the reason. `own` are names of the person and of the office."""
    if len(password) < MIN:
        raise Refused(_("Use al menos %(n)s caracteres. Una frase de varias palabras es lo más fácil.", n=MIN), field)
    if len(password) > MAX:
        raise Refused(_("Use %(n)s caracteres como máximo.", n=MAX), field)
    if is_common(password):
        raise Refused(_("Esa contraseña es de las primeras que se prueban. Elija otra."), field)
    if is_own(password, own):
        raise Refused(_("No use su nombre, su correo ni el nombre de la oficina. Elija otra."), field)


def is_common(password: str) -> bool:
    """In the list, with or without tricks like 0 for o or a year at the end, or a mere pattern."""
    folded = fold(password)
    bare = folded.rstrip("0123456789!@#$%&*.-_+?")
    tries = {folded, folded.translate(LEET), bare, bare.translate(LEET)}
    return not tries.isdisjoint(common()) or is_pattern(folded)


def is_pattern(folded: str) -> bool:
    """One block repeated, or a walk along the alphabet, the digits or a row of keys."""
    if re.fullmatch(r"(.{1,4}?)\1{2,}.{0,3}", folded) or len(set(folded)) < 4:
        return True
    return any(folded in run * 3 or folded[::-1] in run * 3 for run in ROWS)


def is_own(password: str, own: Iterable[str]) -> bool:
    """Whether little is left once the own names are taken out."""
    left = fold(password)
    words = {fold(word) for text in own for word in re.split(r"[\W_]+", text)} | {"centralita"}
    found = sorted((w for w in words if len(w) >= OWN_MIN and w in left), key=len, reverse=True)
    for word in found:
        left = left.replace(word, "")
    return bool(found) and len(re.sub(r"[\W\d_]", "", left)) < LEFT_MIN

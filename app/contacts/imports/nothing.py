"""The many ways in which a cell says that there is nothing to say."""

from app.contacts.imports.folding import folded

_SAID = (
    "na, n a, no, no tiene, no tengo, no hay, no aplica, no disponible, no indica, no registra, no posee, ninguno",
    "ninguna, nada, sin dato, sin datos, sin telefono, sin numero, sin celular, sin correo, sin email, sin nombre",
    "sin informacion, sin info, s n, sn, s t, desconocido, pendiente, null, none, nan, nil, x, xx, xxx, vacio, tbd",
    "unknown, empty, false, no email, no phone, not available, nothing",
)
_MARKS = ("n/a", "n/d", "s/n", "s/t", "n.a.", "-", "--", "---", ".", "..", "...", "?", "??", "*", "***", "/", "0")
NOTHING = frozenset(words for line in _SAID for words in line.split(", "))
PLAINLY = NOTHING | set(_MARKS)  # what a look at the lower-case text can tell, for columns where speed counts
LONGEST = max(map(len, NOTHING)) + 8


def means_nothing(cell: str) -> bool:
    """``-``, ``N/A``, ``no tiene``, ``0000``, ``***``..."""
    if len(cell) > LONGEST:
        return False
    words = folded(cell)
    return words in NOTHING or not words.strip("0 ")

"""A search box's text as conditions of the index: every word must be found, anywhere, from the first character."""

import re

import msgspec
from sqlalchemy import ColumnElement, Subquery, TableClause, Text, column, func, literal_column, select, table, text
from sqlalchemy.sql.expression import bindparam

from app.contacts.folding import fold
from app.contacts.models import Contact

WORDS_MAX = 8
PIECE = 3  # letters of a trigram
PIECES_MAX = 3  # of one fragment: more would narrow down little, and each is looked up
RARE_DIGITS = 5  # so many digits are in few rows
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # FTS5 reads a NUL as the end of the expression
_NUMBER = re.compile(r"[+\d][\d\s().+-]*")
_LAST_DIGIT = re.compile(r".*\d", re.DOTALL)
_WORD = re.compile(r"[^\s\"']+")


class Terms(msgspec.Struct, frozen=True):
    """Fragments of three characters or more, and shorter beginnings of words."""

    fragments: tuple[str, ...] = ()
    beginnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.fragments or self.beginnings)


NONE = Terms()


def terms(q: str) -> Terms:
    """`8812 34 garcía` -> fragments 881234, garcia. A number typed with spaces is one fragment."""
    if not q:
        return NONE
    said = fold(_CONTROL.sub(" ", q).strip())
    words = [re.sub(r"\D", "", said)] if _NUMBER.fullmatch(said) else _WORD.findall(said)
    words = [w for w in words if w][:WORDS_MAX]
    short = (re.sub(r"[^\w]", "", w) for w in words if len(w) < 3)
    return Terms(tuple(w for w in words if len(w) >= 3), tuple(w for w in short if w))


def is_rare(found: Terms) -> bool:
    """Whether few rows can have it, by its looks."""
    return any(sum(map(str.isdecimal, w)) >= RARE_DIGITS for w in found.fragments)


def pieces(word: str) -> list[str]:
    """The trigrams that it is looked for by, what tells most first: from the end of its last number backwards, then
    what follows; from its beginning when there is no number."""
    number, last = _LAST_DIGIT.match(word), len(word) - PIECE
    end = number.end() if number and number.end() >= PIECE else 0
    starts = [*range(end - PIECE, -1, -PIECE), *range(end, last, PIECE), last, 0]
    return [word[start : start + PIECE] for start in dict.fromkeys(starts)][:PIECES_MAX]


def sqlite_match(found: Terms) -> tuple[str | None, str | None]:
    """FTS5 expressions for the fragment table and for the word table."""
    told = dict.fromkeys(one for word in found.fragments for one in pieces(word))
    fragments = " AND ".join(f'"{one}"' for one in told) or None
    beginnings = " AND ".join(f'"{w}" *' for w in found.beginnings) or None
    return fragments, beginnings


FRAGMENTS = table("contact_fragment", column("rowid"))
WORDS = table("contact_word", column("rowid"))


def sqlite_source(found: Terms) -> TableClause:
    """Which index table leads: fragments narrow down best."""
    return FRAGMENTS if found.fragments else WORDS


def sqlite_hit(source: TableClause) -> ColumnElement[bool]:
    """The MATCH itself."""
    return text(f"{source.name} MATCH :{'beginnings' if source is WORDS else 'fragments'}")  # type: ignore[return-value]


def sqlite_newest(source: TableClause, found: Terms, most: int) -> Subquery:
    """The newest matches, for orders that the index cannot give."""
    hits = select(source.c.rowid).select_from(source)
    if found.fragments:
        hits = hits.join(Contact, Contact.id == source.c.rowid).with_hint(Contact, "NOT INDEXED", "sqlite")
        hits = hits.where(*sqlite_condition(found))
    return hits.where(sqlite_hit(source)).order_by(source.c.rowid.desc()).limit(most).subquery("hit")


def sqlite_condition(found: Terms) -> list[ColumnElement[bool]]:
    """Fragments, and beginnings beside them, are looked at in the row: the index already narrowed it down."""
    if not found.fragments:
        return []
    spaced = literal_column("' '").concat(Contact.search)
    fragments = [Contact.search.like(bindparam(f"fragment{i}"), escape="\\") for i in range(len(found.fragments))]
    return [*fragments, *(spaced.like(bindparam(f"beginning{i}")) for i in range(len(found.beginnings)))]


def beginnings_in_row(found: Terms) -> list[ColumnElement[bool]]:
    """What every row with these beginnings has: their letters, somewhere not in the middle of letters, and numbers not
    in the middle of digits. Splitting the row's text into words, which decides, takes ten times as long."""
    if found.fragments:
        return []
    return [
        test
        for i in range(len(found.beginnings))
        for test in (
            Contact.search.like(bindparam(f"beginning{i}")),
            Contact.search.regexp_match(bindparam(f"begins{i}", type_=Text)),
        )
    ]


def postgresql_condition(found: Terms) -> list[ColumnElement[bool]]:
    """Beginnings beside fragments stand after a space, as on SQLite: the fragments' own index finds these as well. The
    index of words would bring all that begin so, and have each match split into its words again."""
    beginnings = range(len(found.beginnings))
    if found.fragments:
        fragments = [Contact.search.like(bindparam(f"fragment{i}")) for i in range(len(found.fragments))]
        return fragments + [Contact.search.regexp_match(bindparam(f"spaced{i}", type_=Text)) for i in beginnings]
    vector = func.to_tsvector(literal_column("'simple'"), Contact.search)
    query = func.to_tsquery(literal_column("'simple'"), bindparam("beginnings"))
    return [vector.op("@@")(query)] if found.beginnings else []


def parameters(found: Terms, dialect: str) -> dict[str, str]:
    """Values of the conditions above."""
    likes = {f"fragment{i}": f"%{_like(w)}%" for i, w in enumerate(found.fragments)}
    if dialect == "sqlite":
        return _sqlite_parameters(found) | likes
    if found.fragments:
        return likes | {f"spaced{i}": f"(^| ){w}" for i, w in enumerate(found.beginnings)}
    words = " & ".join(f"{w}:*" for w in found.beginnings)
    inside = {f"beginning{i}": f"%{_like(w)}%" for i, w in enumerate(found.beginnings)}
    inside |= {f"begins{i}": _begins(w) for i, w in enumerate(found.beginnings)}
    return likes | inside | ({"beginnings": words} if words else {})


def _begins(word: str) -> str:
    return f"(^|[^{'0-9' if word[0].isdecimal() else 'a-z'}]){word}"


def _sqlite_parameters(found: Terms) -> dict[str, str]:
    fragments, beginnings = sqlite_match(found)
    if not fragments:
        return {"beginnings": beginnings or ""}
    return {"fragments": fragments} | {f"beginning{i}": f"% {_like(w)}%" for i, w in enumerate(found.beginnings)}


def _like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")

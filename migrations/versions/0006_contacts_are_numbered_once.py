"""Contacts: the number of an erased one is not given again, and phones are found from their first digit on

A new contact would take over the address, the audit lines and the bookmarks of the erased one. What a search looks at
says each number as it is dialled at home too, and numbers that were written with spaces or dashes as their digits.

Revision ID: 0006
Revises: 0005
"""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

CHUNK = 2000
APART = re.compile(r"\d[\d\s().-]{5,40}\d")
KEYS = (
    ('(id INTEGER NOT NULL, ', '(id INTEGER NOT NULL CONSTRAINT pk_contact PRIMARY KEY AUTOINCREMENT, '),
    (', CONSTRAINT pk_contact PRIMARY KEY (id)', ''),
)
LAST = (
    "SELECT max((SELECT coalesce(max(id), 0) FROM contact), "
    "(SELECT coalesce(max(CAST(noun_id AS INTEGER)), 0) FROM audit WHERE noun = 'contact'))"
)
CONTACT = sa.table(
    'contact', sa.column('id', sa.BigInteger), sa.column('search', sa.Text), sa.column('notes', sa.Text),
    sa.column('custom', sa.JSON),
)  # fmt: skip
ADDRESS = sa.table('contact_address', sa.column('contact_id', sa.BigInteger), sa.column('external_id', sa.Text))


def upgrade() -> None:
    if op.get_bind().dialect.name != 'sqlite':
        _say_numbers()
        return
    kept = _kept('trigger')
    for name, _sql in kept:  # what they keep up to date is made anew at the end
        op.execute(f'DROP TRIGGER {name}')
    _say_numbers()
    _rebuild(KEYS)
    op.execute("DELETE FROM sqlite_sequence WHERE name IN ('contact', 'contact_new')")
    op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('contact', ({LAST}))")
    _finish(kept)


def downgrade() -> None:
    """The words stay: they do no harm."""
    if op.get_bind().dialect.name == 'sqlite':
        kept = _kept('trigger')
        _rebuild([(new, old) for old, new in KEYS[:1]], end=KEYS[1][0])
        _finish(kept)


def _kept(kind: str) -> list[tuple[str, str]]:
    """(name, SQL) of the table's triggers or indexes."""
    query = "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'contact' AND type = :kind AND sql IS NOT NULL"
    return [(row[0], row[1]) for row in op.get_bind().execute(sa.text(query), {'kind': kind})]


def _rebuild(changes: Any, end: str = '') -> None:
    """As SQLite's own page on ALTER TABLE says it: a new table, the rows, the old one's name. Foreign keys are off."""
    bind, indexes = op.get_bind(), _kept('index')
    sql = str(bind.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = 'contact'")).scalar_one())
    sql = re.sub(r'\s+', ' ', sql).replace('( ', '(').replace(' )', ')')
    for old, new in changes:
        if old not in sql:
            raise RuntimeError(f'contact is not as expected: {sql}')
        sql = sql.replace(old, new)
    sql = re.sub(r'^CREATE TABLE "?contact"? ', 'CREATE TABLE contact_new ', sql[:-1] + end + ')')
    op.execute(sql)
    op.execute('INSERT INTO contact_new SELECT * FROM contact')
    op.execute('DROP TABLE contact')
    op.execute('ALTER TABLE contact_new RENAME TO contact')
    for _name, made in indexes:
        op.execute(made)


def _finish(triggers: list[tuple[str, str]]) -> None:
    for _name, made in triggers:
        op.execute(made)
    for table in ('contact_fragment', 'contact_word'):
        op.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")


def _say_numbers() -> None:
    bind = op.get_bind()
    later = sa.text("UPDATE contact SET search = search || ' ' || :more WHERE id = :id")
    for rows, numbers in _chunks(bind):
        more = [{'id': row.id, 'more': words} for row in rows if (words := _missing(row, numbers.get(row.id, [])))]
        if more:
            bind.execute(later, more)


def _chunks(bind: sa.Connection) -> Iterator[tuple[list[Any], dict[int, list[str]]]]:
    last = 0
    while rows := list(bind.execute(sa.select(CONTACT).where(CONTACT.c.id > last).order_by(CONTACT.c.id).limit(CHUNK))):
        first, last = rows[0].id, rows[-1].id
        found = sa.select(ADDRESS).where(ADDRESS.c.contact_id.between(first, last), ADDRESS.c.external_id.like('+%'))
        numbers: dict[int, list[str]] = {}
        for contact_id, number in bind.execute(found):
            numbers.setdefault(contact_id, []).append(number)
        yield rows, numbers


def _missing(row: Any, numbers: list[str]) -> str:
    """The words that its search text does not have yet."""
    texts = [row.notes, *map(str, (row.custom or {}).values())]
    written = [re.sub(r'\D', '', found) for text in texts for found in APART.findall(text or '')]
    there = set(row.search.split())
    return ' '.join(word for word in dict.fromkeys([*map(_at_home, numbers), *written]) if word and word not in there)


def _at_home(number: str) -> str:
    code = next((n for n in (1, 2, 3) if int(number[1 : n + 1] or 0) in COUNTRY_CODE_TO_REGION_CODE), 0)
    return number[code + 1 :] if code else ''

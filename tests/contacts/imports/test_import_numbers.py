"""The number of an import means one file for ever: the audit goes by it."""

import sqlite3
from pathlib import Path

import pytest

from app.contacts.imports import uploads
from app.frame.migrate import migrate
from app.frame.settings import Settings
from tests.contacts.imports.test_import_run import uploaded
from tests.world import World, make_world

EARLIER = (
    "INSERT INTO contact_import (id, filename, path, size_bytes, sheet, shape, mapping, mode, options, state, total, "
    "done, counts, error, who, created_at) VALUES (4, 'a.csv', '', 1, '', '', '{}', 'fill', '{}', 'done', 1, 0, '{}', "
    "'', '', 1)"
)
REFUSED = (
    "INSERT INTO contact_import_reject (import_id, row, field, reason, cells) VALUES (4, 2, 'phone', 'corto', '[]')"
)
DISCARDED = (
    "INSERT INTO audit (at, who, via, ip, request_id, verb, noun, noun_id, detail_hash, erased, previous, hash) "
    "VALUES (1, 'Ana', 'web', '', '', 'contacts.import_discarded', 'import', '7', '', 0, '', '')"
)


@pytest.fixture
async def world(office, app) -> World:  # type: ignore[no-untyped-def]
    return await make_world(office, app)


async def test_it_works(world: World, tmp_path: Path) -> None:
    discarded = await uploaded(world, "Nombre;Celular\nAna;8812 3456\n", tmp_path)
    async with world.office.database.unit() as db:
        await uploads.discard(db, discarded)
    assert await uploaded(world, "Nombre;Celular\nLuis;8812 3457\n", tmp_path) > discarded


@pytest.mark.sqlite_only
def test_an_older_office_counts_on_from_what_its_audit_knows(tmp_path: Path) -> None:
    """And it keeps its imports with the rows they refused."""
    settings = Settings(data=tmp_path, secret="a secret of the tests, long enough")
    migrate(settings, "0002")
    with sqlite3.connect(tmp_path / "centralita.db") as office:
        for statement in (EARLIER, REFUSED, DISCARDED):
            office.execute(statement)
    migrate(settings)
    with sqlite3.connect(tmp_path / "centralita.db") as office:
        assert office.execute("SELECT import_id, reason FROM contact_import_reject").fetchall() == [(4, "corto")]
        office.execute(EARLIER.replace("(id, ", "(").replace("VALUES (4, ", "VALUES ("))
        assert office.execute("SELECT id FROM contact_import ORDER BY id").fetchall() == [(4,), (8,)]
    office.close()

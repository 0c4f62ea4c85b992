"""The search index. SQLite: two FTS5 tables over the folded text (fragments, word beginnings). PostgreSQL: GIN."""

from sqlalchemy import DDL, event

from app.contacts.models import Contact

# Row by row the index costs six times what it costs in bulk, so an import marks its rows `bulk` and fills the index
# itself, in the same transaction, with BULK.
# Trigram finds fragments from three characters on; unicode61 with prefix indexes finds word beginnings from the first.
# Neither keeps where in a text it stands (detail=none), which makes both a third as large and a third sooner written: a
# longer fragment is looked for by some of its trigrams, and the row says whether it has the whole.
TABLES = ("contact_fragment", "contact_word")
SQLITE = (
    "CREATE VIRTUAL TABLE contact_fragment USING fts5(search, content='contact', content_rowid='id', "
    "tokenize='trigram', columnsize=0, detail=none)",
    "CREATE VIRTUAL TABLE contact_word USING fts5(search, content='contact', content_rowid='id', "
    "tokenize='unicode61', prefix='1 2', columnsize=0, detail=none)",
    "CREATE TRIGGER contact_search_insert AFTER INSERT ON contact WHEN NOT new.bulk BEGIN "
    "INSERT INTO contact_fragment(rowid, search) VALUES (new.id, new.search); "
    "INSERT INTO contact_word(rowid, search) VALUES (new.id, new.search); END",
    "CREATE TRIGGER contact_search_delete AFTER DELETE ON contact BEGIN "
    "INSERT INTO contact_fragment(contact_fragment, rowid, search) VALUES ('delete', old.id, old.search); "
    "INSERT INTO contact_word(contact_word, rowid, search) VALUES ('delete', old.id, old.search); END",
    "CREATE TRIGGER contact_search_update AFTER UPDATE OF search ON contact WHEN old.search <> new.search BEGIN "
    "INSERT INTO contact_fragment(contact_fragment, rowid, search) VALUES ('delete', old.id, old.search); "
    "INSERT INTO contact_word(contact_word, rowid, search) VALUES ('delete', old.id, old.search); "
    "INSERT INTO contact_fragment(rowid, search) VALUES (new.id, new.search); "
    "INSERT INTO contact_word(rowid, search) VALUES (new.id, new.search); END",
)
BULK = (
    "INSERT INTO contact_fragment(rowid, search) "
    "SELECT id, search FROM contact WHERE id BETWEEN :first AND :last AND bulk",
    "INSERT INTO contact_word(rowid, search) SELECT id, search FROM contact WHERE id BETWEEN :first AND :last AND bulk",
)  # fmt: skip
# Told to both tables before rows come in bulk, and kept: a whole transaction's words are gathered (64 MiB) before they
# are written, and pieces are joined eight at a time, little by little, instead of four. It halves the index's cost.
BULK_MANNERS = {"hashsize": 64 * 2**20, "automerge": 8, "crisismerge": 64}
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_contact_search_fragment ON contact USING gin (search gin_trgm_ops)",
    "CREATE INDEX ix_contact_search_word ON contact USING gin (to_tsvector('simple', search))",
)

for _dialect, _statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
    for _statement in _statements:
        _ddl = DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)
        event.listen(Contact.__table__, "after_create", _ddl)

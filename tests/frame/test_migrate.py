"""The frame reads the order of the migrations by itself, so that Alembic need not be loaded: they must agree."""

import pytest
from alembic.script import ScriptDirectory

from app.frame import migrate
from app.frame.settings import Settings


@pytest.fixture
def script() -> ScriptDirectory:
    return ScriptDirectory.from_config(migrate.alembic_config())


def test_it_works(script):
    assert migrate.head() == script.get_current_head()
    assert migrate.steps() == {step.revision: step.down_revision or "" for step in script.walk_revisions()}


def test_an_empty_database_and_a_migrated_one(tmp_path):
    settings = Settings(data=tmp_path, secret="a secret of the tests, long enough")
    assert migrate.current(settings) is None
    migrate.migrate(settings)
    assert migrate.current(settings) == migrate.head()


@pytest.mark.parametrize(("revision", "known"), [("", True), ("0001", True), ("9999", False), ("0001'; --", False)])
def test_a_database_of_a_newer_version_is_not_known(revision, known):
    assert migrate.knows(revision) is known

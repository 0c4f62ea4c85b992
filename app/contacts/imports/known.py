"""What the office knows that an import has to look up: statuses, people, own fields, the defaults that were chosen."""

import json
from functools import lru_cache
from typing import Any

from app.contacts.fields import checked
from app.contacts.folding import fold
from app.contacts.imports.store import Store
from app.contacts.imports.task import Options
from app.contacts.models import CustomField
from app.contacts.statuses import START


class Known:
    """Read once per import."""

    def __init__(self, store: Store, options: Options) -> None:
        self.options = options
        self.status_ids: dict[str, int] = {}
        self.codes: dict[int, str] = {}
        self.automatic: set[int] = set()
        for status_id, code, title, automatic in store.rows("SELECT id, code, title, automatic FROM contact_status"):
            self._add_status(status_id, code, title, bool(automatic))
        self.start = self.status_ids.get(fold(options.status), self.status_ids[fold(START)])
        self.fields = _fields(store)
        self.status = lru_cache(maxsize=1000)(self._status_id)

    def _add_status(self, status_id: int, code: str, title: str, automatic: bool) -> None:
        self.codes[status_id] = code
        for spelling in (code, code.replace("_", " "), title):
            self.status_ids[fold(spelling)] = status_id
        if automatic:
            self.automatic.add(status_id)

    def _status_id(self, written: str) -> int | None:
        """The id of a status by code or title; None for an unknown one."""
        return self.status_ids.get(fold(" ".join(written.split())))

    def owner(self, written: str) -> int | None:
        if not written:
            return None
        return self.options.people.get(fold(" ".join(written.split())))

    def custom(self, written: dict[str, str]) -> dict[str, Any]:
        """Own fields checked by kind. Raises Refused."""
        values = {key: checked(self.fields[key], value) for key, value in written.items() if key in self.fields}
        return {key: value for key, value in values.items() if value is not None}


def _fields(store: Store) -> dict[str, CustomField]:
    rows = store.rows("SELECT key, title, kind, choices FROM contact_custom_field")
    made = {}
    for key, title, kind, choices in rows:
        options = json.loads(choices)
        made[key] = CustomField(key=key, title=title, kind=kind, choices=options)
    return made

"""Our own office under measure: its data made once, copied for each server; signed in as a person and as a program."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from app.contacts.imports.candidates import Address, Candidate
from app.contacts.imports.known import Known
from app.contacts.imports.planning import Decision
from app.contacts.imports.preparing import matches_of
from app.contacts.imports.store import Store
from app.contacts.imports.task import Options
from app.contacts.imports.writing import Writer
from app.contacts.index_care import calm_index, join_some
from app.contacts.search_index import TABLES
from app.frame.db import Database
from tests.beds.cluster import free_port
from tests.benchmarks import load
from tests.benchmarks.dataset import Contact, contacts
from tests.benchmarks.http import Answer, Request, ask
from tests.benchmarks.processes import ROOT, Served, serving

EMAIL, PASSWORD = "ana@oficina.example", "una clave larga y buena"
CHUNK = 5000
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
UNBOUNDED = "100000000"  # requests a minute: the bench is one very busy program


@dataclass(frozen=True)
class Prepared:
    """A data folder that is ready to be served, the key of a program, and the database when it is not in the folder."""

    folder: Path
    key: str
    database_url: str = ""


@dataclass
class Office:
    """A served office."""

    data: Path
    key: str
    server: Served
    copied_s: float = 0

    @cached_property
    def session(self) -> dict[str, str]:
        """Headers of somebody who is signed in, with the CSRF token in cookie and header."""
        return load.run(self.signed_in)  # type: ignore[arg-type, return-value]

    async def signed_in(self) -> dict[str, str]:
        first = await ask(self.server.port, Request("/entrar"))
        jar = first.cookies()
        found = re.search(rb'name="_csrf_token" value="([^"]+)"', first.body)
        token = found[1].decode() if found else jar["centralita_csrf"]
        body = f"_csrf_token={token}&name={EMAIL}&password={PASSWORD.replace(' ', '+')}".encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"centralita_csrf={token}"}
        second = await ask(self.server.port, Request("/entrar", "POST", headers, body))
        jar |= second.cookies()
        if "centralita" not in jar:
            raise RuntimeError(f"the bench could not sign in: {second.status} {second.body[:300]!r}")
        return {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items()), "X-CSRFToken": jar["centralita_csrf"]}

    @property
    def program(self) -> dict[str, str]:
        """Headers of a program."""
        return {"X-API-Key": self.key, "Content-Type": "application/json"}

    def ask(self, request: Request) -> Answer:
        """One request, outside any measure."""
        return load.run(lambda: ask(self.server.port, request))  # type: ignore[arg-type, return-value]


def prepare(folder: Path, rows: int, database_url: str = "") -> Prepared:
    """Migrate, make the first person and a key by the real commands, and put the contacts in."""
    folder.mkdir()
    environ = {"CENTRALITA_DATA": str(folder), "CENTRALITA_DATABASE_URL": database_url, "CENTRALITA_COUNTRY": "CR"}
    _command(environ, "admin", "create", "--email", EMAIL, "--name", "Ana Mora", "--password-stdin", typed=PASSWORD)
    said = _command(environ, "admin", "api-key", "--email", EMAIL, "--name", "Mediciones")
    url = database_url or f"sqlite+aiosqlite:///{folder / 'centralita.db'}"
    plant(url, rows)
    load.run(lambda: tidy(url))  # type: ignore[arg-type, return-value]
    return Prepared(folder, said.strip().splitlines()[-1], database_url)


def _command(environ: dict[str, str], *words: str, typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "app", *words], cwd=ROOT, env={**os.environ, **environ}, input=typed, text=True,
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"centralita {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def plant(database_url: str, rows: int) -> None:
    """The dataset's contacts as an import writes them: addresses, tags and search index included."""
    store = Store(database_url)
    writer = Writer(store, Known(store, Options()), import_id=1, batch_id=1, who=(1, "Ana Mora"))
    store.rollback()
    given = contacts(rows)
    while chunk := list(islice(given, CHUNK)):
        store.begin()
        writer.write([_decision(contact) for contact in chunk], 0, {})
        store.commit()
    store.close()


async def tidy(database_url: str) -> None:
    """What the office does in the minute after an import."""
    database = Database(database_url)
    async with database.unit() as db:
        ours = await calm_index(db)
    for table in TABLES if ours else ():
        more = True
        while more:
            async with database.unit() as db:
                more = await join_some(db, table)
    await database.close()


def _decision(contact: Contact) -> Decision:
    number, name, company, phone, email, status, notes, tags, _updated = contact
    reached = (Address("phone", phone), *([Address("email", email)] if email else []))
    candidate = Candidate(number, name, company, reached, status, notes, (tags,) if tags else ())
    return Decision("created", number, candidate, matches=matches_of(candidate))


@contextlib.contextmanager
def serve(prepared: Prepared, data: Path, *, copy: bool = True) -> Iterator[Office]:
    """`centralita run` on a copy of the data, until the end of the block."""
    started = time.perf_counter()
    if copy:
        shutil.copytree(prepared.folder, data)
    copied_s = time.perf_counter() - started
    port = free_port()
    environ = {
        "BENCH_DATA": str(data.parent),
        "CENTRALITA_DATA": str(data),
        "CENTRALITA_PORT": str(port),
        "CENTRALITA_DATABASE_URL": prepared.database_url,
        "CENTRALITA_RATE_API_PER_MIN": UNBOUNDED,
        "CENTRALITA_RATE_LOGIN_PER_MIN": "1000",
    }
    with serving(data.name, [sys.executable, "-m", "app", "run"], environ, port) as server:
        yield Office(data, prepared.key, server, copied_s)

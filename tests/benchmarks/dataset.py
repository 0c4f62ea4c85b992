"""The same contacts for everybody who is measured: believable, repeatable, as plain a table as a peer would have."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROWS = 100_000
PAGE = 50
STATUSES = ("SIN GESTIONAR", "INTERESADO", "NC", "LLAMAR LUEGO", "CUELGA", "NO EXISTE", "VENTA")
FIRST = tuple(
    "Ana Beto Carla Diego Elena Fabián Gabriela Hernán Irene Javier Karla Luis María Óscar Paola Raúl".split()
)
LAST = tuple("Mora Rojas Jiménez Vargas Castro Solís Araya Campos Núñez Quesada Ureña Zúñiga González Peña".split())
TRADES = ("Ferretería", "Panadería", "Taller", "Clínica", "Tienda", "Bufete", "Hotel", "Soda")
START = datetime(2026, 1, 1, tzinfo=UTC)

Contact = tuple[int, str, str, str, str, str, str, str, str]
COLUMNS = ("id", "name", "company", "phone", "email", "status", "notes", "tags", "updated_at")
DDL = (
    "CREATE TABLE contact (id INTEGER PRIMARY KEY, name TEXT NOT NULL, company TEXT NOT NULL, phone TEXT NOT NULL, "
    "email TEXT NOT NULL, status TEXT NOT NULL, notes TEXT NOT NULL, tags TEXT NOT NULL, updated_at TEXT NOT NULL)"
)


def contacts(rows: int = ROWS, seed: int = 7) -> Iterator[Contact]:
    """Rows as tuples in the order of COLUMNS; phones are valid in Costa Rica and never repeat."""
    chance = random.Random(seed)
    for number in range(1, rows + 1):
        yield _contact(number, chance)


def make_file(path: Path, rows: int = ROWS) -> Path:
    """A SQLite file in WAL mode with the contacts, for the peers and the floor."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(DDL)
    marks = ",".join("?" * len(COLUMNS))
    connection.executemany(f"INSERT INTO contact VALUES ({marks})", contacts(rows))
    connection.commit()
    connection.close()
    return path


def _contact(number: int, chance: random.Random) -> Contact:
    first, last = chance.choice(FIRST), f"{chance.choice(LAST)} {chance.choice(LAST)}"
    updated = START + timedelta(seconds=number * 60 + chance.randrange(60))
    return (
        number,
        f"{first} {last}",
        f"{chance.choice(TRADES)} {chance.choice(LAST)}" if chance.random() < 0.4 else "",
        f"+506{_block(number)}",
        f"{first}.{number}@example.com".lower() if chance.random() < 0.5 else "",
        chance.choice(STATUSES),
        "Pidió que la llamen por la tarde." if chance.random() < 0.3 else "",
        "mayoreo" if chance.random() < 0.2 else "",
        updated.isoformat(),
    )


def _block(number: int) -> int:
    """Eight digits in ranges that exist: 83000000 upwards, then 60000000 upwards."""
    return 83_000_000 + number if number < 6_000_000 else 54_000_000 + number

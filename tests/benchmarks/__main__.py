"""`make bench`: measure ours and the peers in one run and print the table."""

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from tests.benchmarks.bench import Bench
from tests.benchmarks.scenarios import all_scenarios
from tests.benchmarks.table import Row, markdown, save


def main() -> int:
    known = all_scenarios()
    told = _arguments(known)
    if told.list:
        print("\n".join(f"{name:<12} {(module.__doc__ or '').strip()}" for name, module in known.items()))
        return 0
    chosen = {name: known[name] for name in told.only or known}
    with tempfile.TemporaryDirectory(prefix="centralita-bench-") as folder:
        bench = Bench(Path(folder), seconds=told.seconds, rounds=told.rounds, rows=told.rows)
        rows = [row for name, module in chosen.items() for row in _measured(name, module, bench)]
    print(markdown(rows))
    if told.json:
        save(rows, told.json)
    return 1 if any(row.ok is False for row in rows) else 0


def _arguments(known: dict[str, ModuleType]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(known), metavar="SCENARIO", help=", ".join(known))
    parser.add_argument("--list", action="store_true", help="say what each scenario measures")
    parser.add_argument("--seconds", type=float, default=2, help="of each round (2)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each server (3)")
    parser.add_argument("--rows", type=int, default=100_000, help="contacts (100,000)")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    return parser.parse_args()


def _measured(name: str, module: ModuleType, bench: Bench) -> Iterator[Row]:
    """A scenario's rows; one that breaks is a row that says so, and the others still run."""
    started = time.monotonic()
    try:
        yield from module.run(bench)
    except Exception as error:
        traceback.print_exc()
        yield Row(name, f"broke: {type(error).__name__}: {error}"[:90], goal=_NEVER)
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


class _Never:
    """The goal of what could not be measured."""

    def met(self, _value: float) -> bool:
        return False

    def __str__(self) -> str:
        return "to be measured"


_NEVER = _Never()

if __name__ == "__main__":
    sys.exit(main())

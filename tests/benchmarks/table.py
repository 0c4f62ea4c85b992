"""The bench's answer: one line for each kind of work, ours beside a peer's, and whether the goal was met."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

HEAD = ("work", "measured", "peer", "ratio", "goal", "ok")


@dataclass(frozen=True)
class Goal:
    """A bound on one number: `Goal("x", at_least=6)` or `Goal("ms", at_most=15)`."""

    unit: str
    at_least: float | None = None
    at_most: float | None = None

    def met(self, value: float) -> bool:
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)

    def __str__(self) -> str:
        if self.at_least is not None:
            return f">= {number(self.at_least)} {self.unit}"
        return f"<= {number(self.at_most or 0)} {self.unit}"


@dataclass(frozen=True)
class Row:
    """One kind of work. `value` is what the goal judges; `measured`, `peer` and `ratio` are for reading."""

    work: str
    measured: str
    value: float = 0
    peer: str = ""
    ratio: str = ""
    goal: Goal | None = None

    @property
    def ok(self) -> bool | None:
        return None if self.goal is None else self.goal.met(self.value)

    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: "yes", False: "NO"}[self.ok]
        return (self.work, self.measured, self.peer, self.ratio, str(self.goal or ""), verdict)


def number(value: float) -> str:
    """1234.5 -> 1,234; 12.34 -> 12.3; 0.123 -> 0.12"""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")


def markdown(rows: Iterable[Row]) -> str:
    """The table, its columns padded so that it reads well in a terminal too."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    padded = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    rule = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (padded[0], rule, *padded[1:]))


def save(rows: Iterable[Row], path: Path) -> None:
    found = [{**asdict(row), "goal": str(row.goal or ""), "ok": row.ok} for row in rows]
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")

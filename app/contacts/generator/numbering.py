"""A country's mobile ranges and the operators' shares, from a data file that the office may replace."""

import math
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec

from app.contacts.generator.errors import BadShares

HERE = Path(__file__).parent


class Operator(msgspec.Struct, frozen=True):
    """``name`` is the metadata's, ``title`` the one that people know. Ranges: first and last number, both included."""

    name: str
    title: str
    share_percent: float
    ranges: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        return sum(int(last) - int(first) + 1 for first, last in self.ranges)

    def number(self, offset: int) -> str:
        """The offset-th number of all the operator's ranges in order, 0 <= offset < size."""
        for first, last in self.ranges:
            length = int(last) - int(first) + 1
            if offset < length:
                return f"{int(first) + offset:0{len(first)}d}"
            offset -= length
        raise IndexError(offset)


class Numbering(msgspec.Struct, frozen=True):
    """One country's operators. Refuses, when read, a range that ends before it begins or overlaps another."""

    country: str
    calling_code: str
    source: str
    date: str
    note: str
    operators: tuple[Operator, ...]

    def __post_init__(self) -> None:
        ranges = sorted(pair for operator in self.operators for pair in operator.ranges)
        if any(len(first) != len(last) or not first <= last for first, last in ranges):
            raise ValueError("a numbering range ends before it begins")
        if any(before[1] >= after[0] for before, after in pairwise(ranges)):
            raise ValueError("two numbering ranges overlap")
        checked(self.shares, self)

    @property
    def shares(self) -> dict[str, float]:
        """Percent by operator name."""
        return {operator.name: operator.share_percent for operator in self.operators}


@cache
def costa_rica() -> Numbering:
    return msgspec.json.decode((HERE / "numbering_cr.json").read_bytes(), type=Numbering)


def checked(shares: dict[str, float], numbering: Numbering) -> dict[str, float]:
    """The shares in the order of the operators. Raises BadShares unless each has one and they add up to 100."""
    names = [operator.name for operator in numbering.operators]
    if set(shares) != set(names) or not all(math.isfinite(share) and share >= 0 for share in shares.values()):
        raise BadShares
    if abs(sum(shares.values()) - 100) > 0.01:
        raise BadShares
    return {name: shares[name] for name in names}

"""Batches of possible mobile numbers: exactly as many as asked, all different, none that the office already has."""

import random
from collections.abc import Callable, Collection, Iterator

import msgspec

from app.contacts.generator.errors import BadAmount, BadMethod, NotEnoughNumbers
from app.contacts.generator.numbering import Numbering, Operator, checked, costa_rica
from app.contacts.generator.quotas import METHODS

LARGEST_BATCH = 1000

Taken = Collection[str] | Callable[[str], bool]


class Generated(msgspec.Struct, frozen=True):
    """A number in E.164 and the operator whose range it is in, by the metadata's name."""

    e164: str
    operator: str


def generate(
    amount: int,
    method: str = "stratified",
    seed: int | str | None = None,
    taken: Taken = frozenset(),
    shares: dict[str, float] | None = None,
    numbering: Numbering | None = None,
) -> list[Generated]:
    """``amount`` (1 to 1,000) numbers in random order, uniform within each operator's ranges.

    method: ``stratified`` by the operators' shares (percent), ``simple`` in equal parts, ``random`` divided by chance.
    The same seed, taken numbers and shares give the same batch. Raises a GeneratorError.
    """
    if type(amount) is not int or not 1 <= amount <= LARGEST_BATCH:
        raise BadAmount
    if method not in METHODS:
        raise BadMethod
    plan = numbering or costa_rica()
    rng = random.Random(seed)
    quotas = METHODS[method](amount, checked(shares or plan.shares, plan), rng)
    batch = [one for operator in plan.operators for one in _some(operator, quotas[operator.name], plan, taken, rng)]
    rng.shuffle(batch)
    return batch


def _some(operator: Operator, amount: int, plan: Numbering, taken: Taken, rng: random.Random) -> Iterator[Generated]:
    held = taken if callable(taken) else taken.__contains__
    free = (f"+{plan.calling_code}{operator.number(offset)}" for offset in _offsets(operator.size, rng))
    unheld = (e164 for e164 in free if not held(e164))
    for _ in range(amount):
        e164 = next(unheld, None)
        if e164 is None:
            raise NotEnoughNumbers
        yield Generated(e164, operator.name)


def _offsets(size: int, rng: random.Random) -> Iterator[int]:
    """0 .. size-1 in random order, each once: drawn one by one until half are gone, then the rest shuffled."""
    seen: set[int] = set()
    while len(seen) * 2 < size:
        offset = rng.randrange(size)
        if offset not in seen:
            seen.add(offset)
            yield offset
    rest = [offset for offset in range(size) if offset not in seen]
    rng.shuffle(rest)
    yield from rest

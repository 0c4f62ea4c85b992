"""How many people any roster would lack, whatever it cost: what no search can be blamed for."""

import math
import time

import msgspec

from app.workforce.best_week import Roster
from app.workforce.crew import Prices
from app.workforce.roster_mip import Question
from app.workforce.week_table import Table, table

ONLY_MISSING = Prices(under=1.0, over=0.0, short=0.0, late=0.0, weekend=0.0, change=0.0)


def unavoidable(lay: Table, lacking: int, seconds: float) -> int | None:
    """People-intervals at the least, by the linear relaxation with no other price; `lacking` stand now. None where it
    is not known within `seconds`, the writing down of the question among them."""
    if not lacking:
        return 0
    until = time.monotonic() + seconds
    people = tuple(msgspec.structs.replace(person, dislikes={}, wishes={}) for person in lay.week.people)
    over = lay.week.since * lay.slots
    need = {skill: tuple(0 if t < over else n for t, n in enumerate(row)) for skill, row in lay.week.need.items()}
    bare = table(msgspec.structs.replace(lay.week, need=need, people=people, prices=ONLY_MISSING, keep=None))
    if time.monotonic() >= until:
        return None
    question = Question(Roster(bare), range(len(people)))
    left = until - time.monotonic()
    least = question.relaxed(left).bound if left > 0 else -math.inf
    return max(0, math.ceil(least - 1e-6)) if math.isfinite(least) and least <= lacking + 1e-6 else None

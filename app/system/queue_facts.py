"""What the queue's own table says: the failures of late and what runs next."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar_queues.backends.advanced_alchemy.models import QueueTaskModel
from sqlalchemy import Row, select

from app.frame.jobs import Queue

FAILURES = 8
ERROR_MAX = 200


class Failure(msgspec.Struct, frozen=True):
    """A job that failed for good."""

    job: str
    at: datetime | None
    error: str
    tries: int


class Next(msgspec.Struct, frozen=True):
    """A schedule and when it runs next. `every`: its cron fields or its minutes."""

    job: str
    every: str
    at: datetime | None


async def failures(queue: Queue) -> list[Failure]:
    """The newest few."""
    task = QueueTaskModel
    columns = (task.task_name, task.completed_at, task.error, task.retry_count)
    wanted = select(*columns).where(task.status == "failed").order_by(task.completed_at.desc()).limit(FAILURES)
    return [Failure(_job(r[0]), _aware(r[1]), _short(r[2]), r[3] + 1) for r in await _rows(queue, wanted)]


async def schedules(queue: Queue) -> list[Next]:
    """Every schedule, the soonest first."""
    task = QueueTaskModel
    wanted = select(task.task_name, task.scheduled_at).where(task.status.in_(("pending", "scheduled")))
    soonest = {name: _aware(at) for name, at in await _rows(queue, wanted)}
    known = [(f"{e.job}@{e.cron or f'{e.minutes}min'}", e) for e in queue.schedules]
    found = [Next(e.job, e.cron or f"{e.minutes:g} min", soonest.get(name)) for name, e in known]
    return sorted(found, key=lambda n: (n.at is None, n.at))


async def _rows(queue: Queue, wanted: Any) -> Sequence[Row[Any]]:
    async with queue.alchemy.get_engine().connect() as connection:
        return (await connection.execute(wanted)).all()


def _job(task_name: str) -> str:
    return task_name.partition("@")[0]


def _short(error: str | None) -> str:
    """The first line says what happened; a statement and its parameters, which may be somebody's data, come below."""
    lines = (error or "").strip().splitlines()
    return lines[0][:ERROR_MAX] if lines else ""


def _aware(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at

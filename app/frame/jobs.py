"""Work for later, on litestar-queues. The row that asks for it belongs to a module; the queue only remembers to look.

On SQLite the queue has a file of its own, so it never competes with the writer; it may be thrown away, because a
sweep each minute (and at boot) enqueues again what the rows say is still to do.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any

from advanced_alchemy.config import SQLAlchemyAsyncConfig
from litestar_queues import QueueConfig, QueueService, WorkerConfig, task
from litestar_queues.backends.advanced_alchemy import SQLAlchemyBackendConfig
from litestar_queues.backends.advanced_alchemy.models import QueueTaskModel
from litestar_queues.task import clear_task_registry
from litestar_queues.worker import Worker
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.actor import SYSTEM, Actor
from app.frame.calm import calm
from app.frame.module import Every, Job
from app.frame.settings import Settings

if TYPE_CHECKING:
    from app.frame.office import Office

SWEEP = "frame.sweep"
CONCURRENCY = 4
TIMETABLE_AFTER_S = 2.0
log = logging.getLogger("centralita.jobs")


def enqueue(db: AsyncSession, job: str, key: str) -> None:
    """Ask for a job once this unit has committed. Idempotent by (job, key) while it is not finished."""
    db.info.setdefault("jobs", []).append((job, key))


class Work:
    """What a running job holds: the office, and units of work as the house."""

    def __init__(self, office: "Office") -> None:
        self.office = office
        self.log = log

    @contextlib.asynccontextmanager
    async def unit(
        self, *, write: bool = True, actor: Actor = SYSTEM, durable: bool = False
    ) -> AsyncIterator[AsyncSession]:
        async with self.office.database.unit(write=write, durable=durable, actor=actor) as db:
            yield db


def _backend(settings: Settings) -> SQLAlchemyAsyncConfig:
    from app.frame.db import postgres_url

    url = f"sqlite+aiosqlite:///{settings.data / 'queue.db'}" if settings.is_sqlite else postgres_url(settings.database)
    return SQLAlchemyAsyncConfig(connection_string=url)


def _worker_config(postgres: bool) -> WorkerConfig:
    return WorkerConfig(
        placement="external",
        poll_interval=0.2,
        poll_backoff_max=1.0,
        max_concurrency=CONCURRENCY,
        heartbeat_interval=10,
        stale_after=60.0 if postgres else None,
        stale_check_interval=20,
        graceful_shutdown_timeout=0.2,  # with the next less than the supervisor waits (STOP_S): it would be left behind
        final_cancel_timeout=0.3,
        hard_exit_timeout=None,
        requeue_on_shutdown=True,
    )


class Queue:
    """The queue of this process: service for enqueuing, worker for running, schedules."""

    def __init__(self, settings: Settings, jobs: Mapping[str, Job], schedules: tuple[Every, ...]) -> None:
        self.settings = settings
        self.jobs = dict(jobs)
        self.schedules = schedules
        self.alchemy = _backend(settings)
        self.config = QueueConfig(
            queue_backend=SQLAlchemyBackendConfig(
                sqlalchemy_config=self.alchemy, worker_wakeups=not settings.is_sqlite
            ),
            worker=_worker_config(not settings.is_sqlite),
        )
        self.service: QueueService | None = None
        self.office: Office | None = None
        self.asked = asyncio.Event()

    async def open(self, office: "Office") -> None:
        """Make the queue's tables, register jobs and schedules."""
        self.office = office
        if self.settings.is_sqlite:
            for suffix in ("", "-wal", "-shm"):
                (self.settings.data / f"queue.db{suffix}").unlink(missing_ok=True)
        async with self.alchemy.get_engine().begin() as connection:
            await connection.run_sync(QueueTaskModel.metadata.create_all, checkfirst=not self.settings.is_sqlite)
        self._register(office)
        self.service = QueueService(self.config)
        await self.service.open()

    def _register(self, office: "Office") -> None:
        clear_task_registry()
        for name, job in self.jobs.items():
            self._register_one(name, job)
        task(SWEEP, interval=60.0, initial_delay=60.0)(self.sweep)
        for every in self.schedules:
            self._register_schedule(every, office.profile.timezone)

    def _register_one(self, name: str, job: Job) -> None:
        async def run(key: str) -> None:
            assert self.office is not None
            await job.run(Work(self.office), key)

        task(name, retries=job.retries, timeout=job.timeout_s)(run)

    def _register_schedule(self, every: Every, timezone: str) -> None:
        job = self.jobs[every.job]

        async def tick() -> None:
            assert self.office is not None
            await job.run(Work(self.office), every.key)

        name = f"{every.job}@{every.cron or f'{every.minutes}min'}"
        if every.cron:
            task(name, cron=every.cron, timezone=timezone)(tick)
        else:
            task(name, interval=(every.minutes or 1) * 60, initial_delay=(every.minutes or 1) * 60)(tick)

    async def put_session(self, db: AsyncSession) -> None:
        """After-commit hook: enqueue what the unit asked for."""
        for job, key in db.info.pop("jobs", ()):
            await self.put(job, key)

    async def put(self, job: str, key: str) -> None:
        if self.service is None:  # a one-off command: the row is committed, the running office's sweep finds it
            return
        await self.service.enqueue(job, key, key=f"{job}:{key}")
        self.asked.set()

    async def sweep(self) -> None:
        """Enqueue again what rows say is still to do. One module's broken question does not keep the others waiting."""
        failures = [error for name, job in self.jobs.items() if (error := await self._sweep_one(name, job))]
        if failures:
            raise ExceptionGroup("sweep", failures)

    async def _sweep_one(self, name: str, job: Job) -> Exception | None:
        assert self.office is not None
        if job.pending is None:
            return None
        try:
            async with self.office.database.unit(write=False) as db:
                keys = await job.pending(db)
            for key in keys:
                await self.put(name, key)
        except Exception as error:
            log.exception("the sweep of a job failed", extra={"job": name})
            return error
        return None

    async def work(self) -> None:
        """Run jobs until cancelled: the supervisor keeps this alive."""
        assert self.service is not None
        await calm(self.asked)
        with contextlib.suppress(ExceptionGroup):  # logged; the sweep of each minute asks again and fails in sight
            await self.sweep()
        try:
            await self._run_worker(self.service)
        except BaseExceptionGroup as group:  # who looks at the machine room reads the reason, not that there was one
            raise group.exceptions[0] from None

    async def _run_worker(self, service: QueueService) -> None:
        worker = Worker(service, self.config.worker)
        async with asyncio.TaskGroup() as tasks:
            timetable = tasks.create_task(self._write_timetable(service))
            try:
                await worker.start()
            finally:
                timetable.cancel()
                await worker.stop(force=True)

    async def _write_timetable(self, service: QueueService) -> None:
        """What comes round is due in a minute at the earliest: the first page, which somebody waits for, goes first."""
        await asyncio.sleep(TIMETABLE_AFTER_S)
        await service.initialize_schedules()

    async def figures(self) -> dict[str, Any]:
        if self.service is None:
            return {}
        statistics = await self.service.get_statistics()
        return {
            name: getattr(statistics, name)
            for name in ("pending", "running", "completed", "failed")
            if hasattr(statistics, name)
        }

    async def close(self) -> None:
        if self.service is not None:
            await self.service.close()
            self.service = None
        await self.alchemy.get_engine().dispose()

"""The queue makes what it keeps its work in, on a database that never had one too."""

from litestar_queues.backends.advanced_alchemy.models import QueueTaskModel

from tests.beds.offices import in_own_task


async def test_it_works(app, database) -> None:
    async with database.write_engine.begin() as connection:
        await connection.run_sync(QueueTaskModel.metadata.drop_all)
    async with in_own_task(app.lifespan()):
        await app.state.office.queue.put("system.tidy", "test")
        assert sum((await app.state.office.queue.figures()).values()) >= 1

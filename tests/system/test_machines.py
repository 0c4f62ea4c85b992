"""/health, /metrics and /config answer programs."""

import math
import shutil
from collections import namedtuple

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.frame.module import Module
from app.system import config
from app.system.health import health
from tests.world import World

Usage = namedtuple("Usage", "total used free")


def forget(world: World) -> None:
    world.office.state.pop("system.health", None)
    world.office.state.pop("system.facts", None)


async def test_it_works(client: httpx.AsyncClient) -> None:
    answer = await client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"process": "ok", "database": "ok", "queue": "ok", "disk": "ok"},
    }


async def test_a_full_disk_is_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100, 99, 1))
    forget(world)
    client = await world.client_as("ana")
    answer = await client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["disk"] == "low"


async def test_a_database_that_does_not_answer_is_503(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_more: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(world.office.database.reader, "fetch", broken)
    forget(world)
    found = await health(world.office)
    assert (found.status, found.checks["database"]) == ("degraded", "failed")


async def test_a_queue_nobody_works_is_503(world: World) -> None:
    await world.office.supervisor.stop("cola")
    forget(world)
    found = await health(world.office)
    assert (found.status, found.checks["queue"]) == ("degraded", "failed")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("path", ["/metrics", "/config"])
async def test_machines_need_a_key_and_people_cannot_lend_their_cookie(world: World, path: str) -> None:
    nobody = await world.client_as("irene")
    answer = await nobody.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    agent = await world.api_as("ana")
    assert (await agent.get(path)).status_code == 403
    manager = await world.api_as("diego")
    assert (await manager.get(path)).status_code == 200


async def test_metrics_are_prometheus_text_with_the_modules_in_it(world: World) -> None:
    async def more(_office: object) -> dict[str, float]:
        return {"stamps": 7}

    world.office.modules["loyalty"] = Module(name="loyalty", title="Puntos", metrics=more)
    client = await world.api_as("irene")
    await client.get("/health")
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = answer.text.splitlines()
    assert 'centralita_requests_total{method="GET",route="/health",status="200"}' in answer.text
    assert "centralita_loyalty_stamps 7.0" in lines
    assert 'centralita_background_tasks{state="ready"} ' in answer.text
    assert float(next(line for line in lines if line.startswith("centralita_database_bytes ")).split()[1]) > 0
    names = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(names) == len(set(names))


WATCHED = {
    "requests": "centralita_requests_total",
    "latencies": "centralita_request_seconds_bucket",
    "queue": "centralita_queue_jobs",
    "SSE clients": "centralita_sse_clients",
    "loop lag": "centralita_loop_lag_ms",
    "devices": "centralita_devices_ready",
    "backups": "centralita_backup_age_seconds",
    "disk": "centralita_disk_free_bytes",
}


async def test_everything_that_one_watches_is_among_the_metrics(world: World) -> None:
    """As a real reader of the format takes them."""
    client = await world.api_as("irene")
    await client.get("/health")
    text = (await client.get("/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert {what for what, name in WATCHED.items() if name not in {s.name for s in samples}} == set()
    assert [s.value for s in samples if s.name == "centralita_sse_clients"] == [0]
    states = {s.labels["state"] for s in samples if s.name == "centralita_queue_jobs"}
    assert {"pending", "running", "failed"} <= states


async def test_what_was_not_measured_yet_is_no_number(world: World) -> None:
    """An office that has just opened has no delay to tell; the series is there all the same."""
    await world.office.supervisor.stop("latido")
    world.office.lag.samples.clear()
    forget(world)
    client = await world.api_as("irene")
    text = (await client.get("/metrics")).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    lag = {s.labels["quantile"]: s.value for s in samples if s.name == "centralita_loop_lag_ms"}
    assert set(lag) == {"p50", "p99", "max"}
    assert all(math.isnan(value) for value in lag.values())


async def test_the_configuration_hides_what_is_secret(world: World) -> None:
    client = await world.api_as("irene")
    shown = (await client.get("/config")).json()
    assert shown["backup_interval_min"] == 30
    assert shown["secret"] == "•••"
    assert world.office.settings.secret not in str(shown)
    assert set(shown) == set(msgspec.structs.asdict(world.office.settings))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+asyncpg://ana:pa%40ss@db:5432/x", "postgresql+asyncpg://ana:•••@db:5432/x"),
        ("redis://:secreto@cache/0", "redis://:•••@cache/0"),
        (
            "postgresql://ana@db/x?password=secreto&sslmode=require",
            "postgresql://ana@db/x?password=•••&sslmode=require",
        ),
        ("sqlite+aiosqlite:////srv/data/centralita.db", "sqlite+aiosqlite:////srv/data/centralita.db"),
        ("", ""),
    ],
)
def test_passwords_inside_addresses_are_hidden(url: str, shown: str) -> None:
    assert config.without_password(url) == shown

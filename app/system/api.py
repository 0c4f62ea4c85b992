"""/health, /metrics and /config: for machines that look after the office."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from prometheus_client import CONTENT_TYPE_LATEST

from app.frame.auth import needs, public
from app.frame.office import Office
from app.system import figures
from app.system.config import effective
from app.system.health import Health, health

OPT = {"api": True}
FRESH = {"Cache-Control": "no-store"}
PLAIN = CONTENT_TYPE_LATEST.partition("; charset")[0]  # the framework says the charset itself


@get("/health", guards=[public], opt=OPT, include_in_schema=False)
async def health_answer(office: NamedDependency[Office]) -> Response[Health]:
    """200 when the process, its database, its queue and its disk are well; else 503."""
    found = await health(office)
    return Response(found, status_code=200 if found.status == "ok" else 503, headers=FRESH)


@get("/metrics", guards=[needs("metrics.view")], opt=OPT, include_in_schema=False)
async def metrics_answer(office: NamedDependency[Office]) -> Response[bytes]:
    """Prometheus text."""
    return Response(await figures.text(office), media_type=PLAIN, headers=FRESH)


@get("/config", guards=[needs("config.view")], opt=OPT, include_in_schema=False)
async def config_answer(office: NamedDependency[Office]) -> Response[dict[str, Any]]:
    """The settings in force, without secrets."""
    return Response(effective(office.settings), media_type=MediaType.JSON, headers=FRESH)


routes = (health_answer, metrics_answer, config_answer)

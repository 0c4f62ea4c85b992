"""Webhooks come only to an app that is subscribed to the account or page."""

from drivers.meta.faults import Refused
from drivers.meta.graph import Graph
from drivers.meta.reading import flag, items


async def is_subscribed(graph: Graph, node: str) -> bool:
    """False only when Meta says so: a token may send well and not be allowed to look."""
    try:
        said = await graph.get(f"{node}/subscribed_apps")
    except Refused:
        return True
    return any(True for _ in items(said, "data"))


async def subscribe(graph: Graph, node: str, fields: str = "") -> dict[str, bool]:
    """Raises Refused."""
    said = await graph.post(f"{node}/subscribed_apps", {"subscribed_fields": fields} if fields else {})
    return {"ok": flag(said, "success")}

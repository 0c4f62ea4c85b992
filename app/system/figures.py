"""Figures for Prometheus: what the frame counts, what the office is now, and what modules add."""

from prometheus_client import Gauge, ProcessCollector, generate_latest

from app.frame.figures import DATABASE_BYTES, LAG_MS, QUEUE, REGISTRY, TASKS
from app.frame.office import Office
from app.system.facts import Facts, facts

ProcessCollector(namespace="centralita", registry=REGISTRY)
BACKUP_AGE = Gauge("centralita_backup_age_seconds", "Since the last good backup", registry=REGISTRY)
DRILL_OK = Gauge("centralita_restore_drill_ok", "1 when the last restore drill went well", registry=REGISTRY)
DISK_FREE = Gauge("centralita_disk_free_bytes", "Free space in the data folder", registry=REGISTRY)
UPTIME = Gauge("centralita_uptime_seconds", "Since the office opened", registry=REGISTRY)


async def text(office: Office) -> bytes:
    """The exposition format, text/plain; version=0.0.4."""
    now = await facts(office)
    _set(now)
    return generate_latest(REGISTRY) + (await _modules(office)).encode()


def _set(now: Facts) -> None:
    for quantile in ("p50", "p99", "max"):
        LAG_MS.labels(quantile).set(now.lag.get(f"{quantile}_ms", float("nan")))
    for state, count in now.queue.items():
        QUEUE.labels(state).set(count)
    for state in ("off", "starting", "ready", "retrying", "needs_human"):
        TASKS.labels(state).set(sum(k.state == state for k in now.kept))
    DATABASE_BYTES.set(now.store.bytes)
    DISK_FREE.set(now.store.free_bytes)
    UPTIME.set(now.uptime.total_seconds())
    last, drill = now.shelf.newest_good, now.shelf.drill
    BACKUP_AGE.set((now.at - last.fresh_at).total_seconds() if last else float("nan"))
    DRILL_OK.set(drill.good if drill else float("nan"))


async def _modules(office: Office) -> str:
    """Figures of modules as gauges named centralita_<module>_<name>, unless they bring a whole name."""
    lines = []
    for module in office.modules.values():
        for name, value in (await module.metrics(office) if module.metrics else {}).items():
            full = name if name.startswith("centralita_") else f"centralita_{module.name}_{name}"
            lines += [f"# TYPE {full} gauge", f"{full} {float(value)}"]
    return "".join(f"{line}\n" for line in lines)

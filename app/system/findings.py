"""What is not as it should be, each with what to do about it. The page, the metrics and the doctor share the words."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from app.frame.i18n import _
from app.frame.keeping import Keeping
from app.frame.settings import Settings
from app.frame.show import ago, number, size
from app.system import pgdump
from app.system.facts import Facts, Shelf, Store
from app.system.health import DISK_LOW_BYTES

LAG_NEAR_MS, LAG_LATE_MS = 50.0, 250.0
PENDING_MANY = 500
OPENING = timedelta(minutes=2)
PATIENCE = timedelta(minutes=1)
DISK_NEAR_BYTES = 5 * DISK_LOW_BYTES
LATE_TIMES = 3  # intervals without a backup


class Finding(msgspec.Struct, frozen=True):
    """`said`: what is so; `todo`: what a person does about it, empty when all is well."""

    state: Literal["ok", "warn", "bad"]
    said: str
    todo: str = ""
    url: str = ""


def troubles(settings: Settings, facts: Facts, skipped: dict[str, str]) -> list[Finding]:
    """What the page shows on top, the worst first. Empty: all is well."""
    found = [
        *of_backups(settings, facts.shelf, facts.at),
        *of_store(facts.store),
        *_of_lag(facts),
        *_of_queue(facts),
        *_of_kept(facts),
        *_of_modules(skipped),
    ]
    return sorted((f for f in found if f.state != "ok"), key=lambda f: f.state != "bad")


def of_backups(settings: Settings, shelf: Shelf, now: datetime) -> Iterator[Finding]:
    """Backups that are missing, old, damaged or cannot be made; a drill that failed."""
    where = "/sistema/respaldos"
    if not settings.is_sqlite and (notice := pgdump.notice()):
        yield Finding("bad", notice, _("Después reinicie la oficina."), where)
        return
    yield from _of_age(settings, shelf, now)
    if shelf.failure:
        yield Finding("bad", _("El último respaldo falló: %(why)s", why=shelf.failure.sentence), _again(), where)
    if shelf.newest and not shelf.newest.good:
        said = _("El último respaldo salió dañado: %(why)s", why=shelf.newest.problem)
        yield Finding("bad", said, _("Revise el disco y restaure el último respaldo bueno."), where)
    if shelf.drill and not shelf.drill.good:
        said = _("El último simulacro de restauración falló: %(why)s", why=shelf.drill.problem)
        yield Finding("bad", said, _again(), where)


def _again() -> str:
    return _("Haga un respaldo ahora. Si vuelve a fallar, avise a IT con este texto.")


def _of_age(settings: Settings, shelf: Shelf, now: datetime) -> Iterator[Finding]:
    last = shelf.newest_good
    if last is None:
        yield Finding("warn", _("Todavía no hay ningún respaldo bueno."), _("Haga uno ahora."), "/sistema/respaldos")
    elif now - last.fresh_at > timedelta(minutes=LATE_TIMES * settings.backup_interval_min):
        said = _("El último respaldo bueno es de %(when)s.", when=ago(last.fresh_at))
        yield Finding("bad", said, _again(), "/sistema/respaldos")
    else:
        yield Finding("ok", _("Último respaldo bueno: %(when)s.", when=ago(last.fresh_at)))


def of_store(store: Store) -> Iterator[Finding]:
    """A full disk; a database of another shape than the program's."""
    yield of_disk(store.free_bytes)
    yield of_revision(store.revision, store.head)


def of_disk(free_bytes: int) -> Finding:
    said = _("Quedan %(free)s libres en el disco.", free=size(free_bytes))
    if free_bytes >= DISK_NEAR_BYTES:
        return Finding("ok", said)
    state: Literal["warn", "bad"] = "bad" if free_bytes < DISK_LOW_BYTES else "warn"
    return Finding(state, said, _("Borre lo que no haga falta o agrande el disco."))


def of_revision(has: str, head: str) -> Finding:
    if has == head:
        return Finding("ok", _("La base de datos está al día."))
    said = _("La base de datos tiene otra forma que el programa (%(has)s).", has=has or "—")
    return Finding("bad", said, _("Reinicie la oficina: al abrir se pone al día sola. O use: centralita migrate"))


def _of_lag(facts: Facts) -> Iterator[Finding]:
    """Once the minute that opening takes is out of the figures."""
    worst = facts.lag.get("p99_ms", 0.0)
    if worst >= LAG_NEAR_MS and facts.uptime > OPENING:
        said = _("Las páginas esperan hasta %(ms)s ms por el proceso.", ms=number(round(worst)))
        todo = _("Mire qué más corre en este equipo. Si sigue así, anote la hora y avise a IT.")
        yield Finding("bad" if worst >= LAG_LATE_MS else "warn", said, todo)


def _of_queue(facts: Facts) -> Iterator[Finding]:
    pending = facts.queue.get("pending", 0)
    if pending >= PENDING_MANY:
        said = _("Hay %(count)s trabajos en cola.", count=number(pending))
        yield Finding("warn", said, _("Se ponen al día solos. Si la cifra no baja en una hora, avise a IT."))


def _of_kept(facts: Facts) -> Iterator[Finding]:
    """What has been down for a while; a hiccup mends itself."""
    for one in facts.kept:
        if one.state == "needs_human":
            steps = " ".join(one.steps) or _("Abra la conexión y siga los pasos.")
            yield Finding("bad", _what(one), steps)
        elif one.state == "retrying" and facts.at - one.since > PATIENCE:
            todo = _("Se reintenta solo. Si no se arregla en unos minutos, reinicie la oficina y avise a IT.")
            yield Finding("bad", _what(one), todo)


def _what(kept: Keeping) -> str:
    """Its first line: below it may stand somebody's data."""
    return f"{_(kept.title)}: {(kept.reason.splitlines() or [''])[0]}"


def _of_modules(skipped: dict[str, str]) -> Iterator[Finding]:
    for name, why in skipped.items():
        said = _("El módulo %(name)s no se pudo cargar: %(why)s", name=name, why=why)
        yield Finding("bad", said, _("Actualícelo o quítelo; la oficina sigue sin él."), "#modulos")

"""Stretches of time with a name, and what lies over what."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

import msgspec

from app.frame.i18n import _
from app.workforce.errors import demand


class Span(msgspec.Struct, frozen=True, order=True):
    """[start, end) in aware time; `end` None is still going on."""

    start: datetime
    end: datetime | None
    what: str


class Stretch(msgspec.Struct, frozen=True):
    """[start, end) in UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        return (self.end - self.start).total_seconds()


AnyStretch = TypeVar("AnyStretch", bound=Stretch)


class Piece(Stretch, frozen=True):
    """A stretch in which nothing changes: what was planned, what was done, and whether it is excused."""

    planned: str | None
    actual: str | None
    excuse: str | None


def ordered(spans: Iterable[Span], until: datetime, field: str) -> list[Span]:
    """In UTC, sorted (of those that begin together the longest last), open ends closed at `until`, empty ones dropped;
    naive or reversed times are refused."""
    closed = [_closed(span, until, field) for span in spans]
    return sorted(span for span in closed if span.end and span.end > span.start)


def _closed(span: Span, until: datetime, field: str) -> Span:
    """UTC first: inside an hour that the clock repeats, wall times do not compare."""
    start = _utc(span.start, field)
    end = _utc(span.end, field) if span.end else max(_utc(until, field), start)
    demand(end >= start, _("Un tramo termina antes de empezar."), field)
    return Span(start, end, span.what)


def _utc(instant: datetime, field: str) -> datetime:
    demand(instant.tzinfo is not None, _("A una hora le falta su zona horaria."), field)
    return instant.astimezone(UTC)


def apart(spans: Sequence[Span], field: str) -> Sequence[Span]:
    """Sorted spans of a plan may touch but not overlap."""
    clash = any(a.end and a.end > b.start for a, b in pairwise(spans))
    demand(not clash, _("Dos tramos planificados se traslapan."), field)
    return spans


def overlaid(spans: Sequence[Span]) -> tuple[list[Span], int]:
    """Sorted spans in which a later start cuts what was going on (a lost "end of state"); and how many were cut."""
    kept: list[Span] = []
    cut = 0
    for span in spans:
        if kept and kept[-1].end and kept[-1].end > span.start:
            cut += 1
            kept[-1] = msgspec.structs.replace(kept[-1], end=span.start)
        kept.append(span)
    return [span for span in kept if span.end and span.end > span.start], cut


def covered(spans: Sequence[Span]) -> list[Span]:
    """Sorted spans, each instant of them under one: where some overlap, the one that began last."""
    edges = sorted({edge for span in spans for edge in (span.start, span.end) if edge})
    found: list[Span] = []
    for begin, end in pairwise(edges):
        over = [span.what for span in spans if span.start <= begin and span.end and span.end >= end]
        if over:
            found.append(Span(begin, end, over[-1]))
    return found


def pieces(planned: Sequence[Span], actual: Sequence[Span], excused: Sequence[Span]) -> list[Piece]:
    """Cut three sorted, non-overlapping tracks at each other's edges."""
    tracks = planned, actual, excused
    edges = sorted({edge for track in tracks for span in track for edge in (span.start, span.end) if edge})
    starts = [[span.start for span in track] for track in tracks]
    cut = [
        Piece(a, b, *(_under(track, begins, a) for track, begins in zip(tracks, starts, strict=True)))
        for a, b in pairwise(edges)
    ]
    return [piece for piece in cut if piece.planned or piece.actual]


def _under(track: Sequence[Span], begins: Sequence[datetime], at: datetime) -> str | None:
    """What a sorted track says at an instant."""
    index = bisect_right(begins, at) - 1
    span = track[index] if index >= 0 else None
    return span.what if span and span.end and span.end > at else None


def sliced(whole: Iterable[AnyStretch], minutes: int) -> dict[datetime, list[AnyStretch]]:
    """The parts of each interval (counted from midnight UTC), cut at its borders."""
    demand(
        0 < minutes <= 1440 and 1440 % minutes == 0, _("El intervalo debe dividir el día en partes iguales."), "minutes"
    )
    step = timedelta(minutes=minutes)
    found: dict[datetime, list[AnyStretch]] = {}
    for piece in whole:
        begin = _floor(piece.start, step)
        while begin < piece.end:
            part = msgspec.structs.replace(piece, start=max(piece.start, begin), end=min(piece.end, begin + step))
            found.setdefault(begin, []).append(part)
            begin += step
    return dict(sorted(found.items()))


def _floor(instant: datetime, step: timedelta) -> datetime:
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (instant - midnight) // step * step

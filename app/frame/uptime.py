"""How much of each of the last 24 hours something was up."""

from datetime import UTC, datetime, timedelta

HOURS = 24
HOUR = timedelta(hours=1)


class Uptime:
    """Seconds up and down per hour since the process began; what was off is neither."""

    def __init__(self) -> None:
        self.spans: dict[datetime, list[float]] = {}
        self.until: datetime | None = None

    def spent(self, state: str, start: datetime, end: datetime) -> None:
        """It was in `state` from `start` to `end`. What was already counted is not counted twice."""
        at = max(start, self.until) if self.until else start
        self.until = max(at, end)
        at = max(at, end - HOURS * HOUR)  # a night asleep, a clock set right: never more than is shown
        while at < end and state != "off":
            hour = _hour(at)
            stop = min(end, hour + HOUR)
            self.spans.setdefault(hour, [0.0, 0.0])[state != "ready"] += (stop - at).total_seconds()
            at = stop
        self._forget(end)

    def hours(self, at: datetime) -> tuple[float | None, ...]:
        """Share up (0..1) of the last 24 hours, oldest first; None where nothing is known."""
        first = _hour(at) - (HOURS - 1) * HOUR
        return tuple(_share(self.spans.get(first + i * HOUR)) for i in range(HOURS))

    def _forget(self, at: datetime) -> None:
        oldest = _hour(at) - HOURS * HOUR
        for hour in [h for h in self.spans if h < oldest]:
            del self.spans[hour]


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _share(span: list[float] | None) -> float | None:
    return span[0] / sum(span) if span and sum(span) else None

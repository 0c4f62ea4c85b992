"""How fast and how much one SIM may send. No clock: the caller says the time (seconds since 1970)."""

import msgspec

HOUR_S, DAY_S = 3600.0, 86_400.0


class Pace(msgspec.Struct, kw_only=True):
    """`sent`: per SIM, when each part of the last day left."""

    gap_s: float = 0
    per_hour: int = 0
    per_day: int = 0
    sent: dict[str, list[float]] = {}

    def wait_s(self, sim: str, parts: int, at: float) -> float:
        """Seconds until so many parts may leave; 0: now. More than the quota waits until all of it is free."""
        times = self._recent(sim, at)
        return max(
            self._room(times, self.per_hour, HOUR_S, parts, at), self._room(times, self.per_day, DAY_S, parts, at)
        )

    def pause_s(self, sim: str, at: float) -> float:
        """The gap that is still due before the next part."""
        times = self.sent.get(sim, [])
        return max(0.0, times[-1] + self.gap_s - at) if times and times[-1] <= at else 0.0

    @property
    def limited(self) -> bool:
        return bool(self.per_hour or self.per_day)

    def left(self, sim: str, at: float) -> None:
        self.sent[sim] = [*self._recent(sim, at), at] if self.limited else [at]

    def _recent(self, sim: str, at: float) -> list[float]:
        """Of the last day. A clock that was set back forgets the future."""
        return [time for time in self.sent.get(sim, []) if at - DAY_S < time <= at]

    @staticmethod
    def _room(times: list[float], most: int, span_s: float, parts: int, at: float) -> float:
        inside = [time for time in times if time > at - span_s]
        over = len(inside) + min(parts, most) - most
        return inside[over - 1] + span_s - at if most and over > 0 else 0.0

    def dump(self) -> bytes:
        return msgspec.json.encode(self.sent)

    def load(self, dumped: bytes | None) -> None:
        """Raises msgspec.DecodeError when it is not what `dump` wrote."""
        self.sent = msgspec.json.decode(dumped, type=dict[str, list[float]]) if dumped else {}

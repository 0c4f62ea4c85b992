"""The same figures by other roads: 50-digit arithmetic and simulation. Slow, and sharing no line with the product."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import mpmath as mp

mp.mp.dps = 50


def blocking(agents: int, erlangs: float) -> mp.mpf:
    """Erlang B by its recursion."""
    load, lost = mp.mpf(erlangs), mp.mpf(1)
    for k in range(1, agents + 1):
        lost = load * lost / (k + load * lost)
    return lost


def waiting(agents: int, erlangs: float) -> mp.mpf:
    lost = blocking(agents, erlangs)
    return agents * lost / (agents - mp.mpf(erlangs) * (1 - lost))


def answered_after(
    agents: int, arrive: float, handle_s: float, patience_s: float, within_s: float
) -> tuple[mp.mpf, mp.mpf]:
    """Mean wait of the answered, and the share that hangs up within the limit, from the virtual wait (30 digits)."""
    with mp.workdps(30):
        lam, mu, theta = mp.mpf(arrive), 1 / mp.mpf(handle_s), 1 / mp.mpf(patience_s)
        far = float((lam / theta + 70) / (agents * mu))
        mesh = sorted({0.0, within_s, *(far * 1.5**-k for k in range(28))})
        density = _virtual_wait(lam, agents * mu, theta)
        whole = 1 / blocking(agents - 1, lam / mu) + lam * mp.quad(density, mesh)
        waited = lam / whole * mp.quad(lambda t: t * density(t) * mp.exp(-theta * t), mesh)
        gone = lam / whole * mp.quad(lambda t: density(t) * (1 - mp.exp(-theta * t)), mesh)
        early = lam / whole * mp.quad(lambda t: density(t) * (1 - mp.exp(-theta * min(t, within_s))), mesh)
        return waited / (1 - gone), early


def balanced_chats(
    agents: int, slowdown: tuple[float, ...], arrive: float, handle_s: float, patience_s: float
) -> tuple[mp.mpf, mp.mpf]:
    """Shares waiting and leaving of chats spread evenly, state by state."""
    lam, theta = mp.mpf(arrive), 1 / mp.mpf(patience_s)
    places = agents * len(slowdown)

    def ends(chats: int) -> mp.mpf:
        held = [chats // agents + (i < chats % agents) for i in range(agents)]
        return mp.fsum(j / (mp.mpf(handle_s) * mp.mpf(slowdown[j - 1])) for j in held if j)

    weights, highest = [mp.mpf(1)], mp.mpf(1)
    while len(weights) <= places or weights[-1] > mp.mpf(10) ** -45 * highest:
        k, highest = len(weights), max(highest, weights[-1])
        weights.append(weights[-1] * lam / (ends(min(k, places)) + max(k - places, 0) * theta))
    total = mp.fsum(weights)
    abandons = theta * mp.fsum((k - places) * w for k, w in enumerate(weights) if k > places) / total / lam
    return mp.fsum(weights[places:]) / total, abandons


def impatient(agents: int, arrive: float, handle_s: float, patience_s: float, within_s: float) -> tuple[mp.mpf, ...]:
    """Erlang A summed state by state: share waiting, abandoning, answered in time (by the chain seen by an arrival).

    The shares waiting and leaving come from the chain alone; "answered in time" from the density of the virtual wait,
    integrated numerically and scaled by the chain's state n - 1."""
    lam, mu, theta = mp.mpf(arrive), 1 / mp.mpf(handle_s), 1 / mp.mpf(patience_s)
    weights, highest = [mp.mpf(1)], mp.mpf(1)
    while len(weights) <= agents or weights[-1] > mp.mpf(10) ** -45 * highest:
        k, highest = len(weights), max(highest, weights[-1])
        weights.append(weights[-1] * lam / (min(k, agents) * mu + max(k - agents, 0) * theta))
    total = mp.fsum(weights)
    waits = mp.fsum(weights[agents:]) / total
    abandons = theta * mp.fsum((k - agents) * w for k, w in enumerate(weights) if k > agents) / total / lam
    density = _virtual_wait(lam, agents * mu, theta)
    scale = weights[agents - 1] / total * lam
    points = [within_s * mp.mpf(i) / 8 for i in range(9)]
    in_time = 1 - waits + scale * mp.quad(lambda t: density(t) * mp.exp(-theta * t), points)
    return waits, abandons, in_time


def _virtual_wait(lam: mp.mpf, drain: mp.mpf, theta: mp.mpf) -> Callable[[mp.mpf], mp.mpf]:
    return lambda t: mp.exp(lam / theta * (1 - mp.exp(-theta * t)) - drain * t)


class Lived(NamedTuple):
    """Shares waiting, abandoning and answered in time, the latter also of those who did not hang up within the limit;
    seconds until the answer; share of the agents' time."""

    waits: float
    abandonment: float
    service_level: float
    answered_level: float
    asa_s: float
    occupancy: float


def phone_office(
    agents: int, arrive: float, handle_s: float, patience_s: float, within_s: float, calls: int, seed: int
) -> Lived:
    """First come first served with hang-ups, call by call."""
    rng = random.Random(seed)
    free_at = [0.0] * agents
    now, waited, gone, good, early, waiting_s, busy_s = 0.0, 0, 0, 0, 0, 0.0, 0.0
    for _ in range(calls):
        now += rng.expovariate(arrive)
        wait = max(0.0, free_at[0] - now)
        waited += wait > 0
        if wait > 0 and (hangs_up := rng.expovariate(1 / patience_s)) < wait:
            gone += 1
            early += hangs_up <= within_s
            continue
        good += wait <= within_s
        waiting_s += wait
        lasts = rng.expovariate(1 / handle_s)
        busy_s += lasts
        heapq.heapreplace(free_at, now + wait + lasts)
    return Lived(
        waited / calls,
        gone / calls,
        good / calls,
        good / (calls - early),
        waiting_s / (calls - gone),
        busy_s / now / agents,
    )


def chat_office(
    agents: int, slowdown: tuple[float, ...], rates: tuple[float, float, float], within_s: float, chats: int, seed: int
) -> tuple[float, float, float]:
    """Least-loaded routing, chats slowed by how many their agent holds; `rates` per second: arrive, finish, leave."""
    rng, (arrive, finish, leave) = random.Random(seed), rates
    held, queue = [0] * agents, deque[tuple[float, float]]()
    pace = [0.0] + [finish * (j + 1) / g for j, g in enumerate(slowdown)]
    now, seen, waited, gone, good = 0.0, 0, 0, 0, 0
    while seen < chats:
        speed = [pace[j] for j in held]
        total = arrive + sum(speed)
        now += rng.expovariate(total)
        if rng.random() * total < arrive:
            seen += 1
            calmest = min(range(agents), key=held.__getitem__)
            if held[calmest] < len(slowdown):
                held[calmest] += 1
                good += 1
            else:
                waited += 1
                queue.append((now, now + rng.expovariate(leave)))
            continue
        who = rng.choices(range(agents), speed)[0]
        held[who] -= 1
        while queue and queue[0][1] <= now:
            queue.popleft()
            gone += 1
        if queue:
            came, _ = queue.popleft()
            good += now - came <= within_s
            held[who] += 1
    return waited / chats, gone / chats, good / chats

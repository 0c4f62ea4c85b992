"""How many numbers of a batch each operator gets. Every method gives exactly the amount that was asked."""

import random
from collections.abc import Callable

Quotas = dict[str, int]


def stratified(amount: int, shares: dict[str, float], rng: random.Random) -> Quotas:
    """The integer part of each share; what is left over goes to the operator with the largest."""
    quotas = {name: int(amount * share // 100) for name, share in shares.items()}
    quotas[max(shares, key=lambda name: shares[name])] += amount - sum(quotas.values())
    return quotas


def simple(amount: int, shares: dict[str, float], rng: random.Random) -> Quotas:
    """Equal parts (thirds, for three operators); what is left over goes to the last one."""
    names = list(shares)
    quotas = dict.fromkeys(names, amount // len(names))
    quotas[names[-1]] += amount % len(names)
    return quotas


def at_random(amount: int, shares: dict[str, float], rng: random.Random) -> Quotas:
    """Each way to divide the batch is equally likely, so no operator is favoured (each expects an equal part).

    Stars and bars: k - 1 bars among amount + k - 1 places cut the amount into k parts.
    """
    names = list(shares)
    bars = sorted(rng.sample(range(amount + len(names) - 1), len(names) - 1))
    edges = [-1, *bars, amount + len(names) - 1]
    return {name: edges[i + 1] - edges[i] - 1 for i, name in enumerate(names)}


METHODS: dict[str, Callable[[int, dict[str, float], random.Random], Quotas]] = {
    "stratified": stratified,
    "simple": simple,
    "random": at_random,
}

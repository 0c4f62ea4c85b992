"""Who hears a live topic: a question that is asked of each person who listens."""

from collections.abc import Callable

from app.frame.actor import Actor

Hears = Callable[[Actor], bool]
ID_DIGITS = 18  # what every database can count to


def nobody(_actor: Actor) -> bool:
    """The answer for what is not there."""
    return False


def id_in(topic: str, prefix: str) -> int | None:
    """`contact-42` -> 42; None for what is no id."""
    number = topic.removeprefix(prefix)
    return int(number) if number.isascii() and number.isdecimal() and len(number) <= ID_DIGITS else None

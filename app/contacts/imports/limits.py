"""How long a text may be in each place of a contact."""

LONGEST = {
    "name": 200,
    "first_name": 99,
    "last_name": 99,
    "company": 200,
    "status": 80,
    "notes": 10_000,
    "tags": 500,
    "owner": 200,
    "custom": 1_000,
}


def too_long(cells: list[str], limit: int) -> list[int]:
    """The rows whose text does not fit; usually none, which costs one pass."""
    if not cells or max(map(len, cells)) <= limit:
        return []
    return [i for i, cell in enumerate(cells) if len(cell) > limit]

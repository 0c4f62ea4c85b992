"""What becomes of a row: somebody who may come in, or a refusal with its reason."""

import msgspec


class Address(msgspec.Struct, frozen=True, gc=False):
    """`external_id` is E.164 for phone and whatsapp, lower case for email. `label` is an extension, if any."""

    channel: str
    external_id: str
    operator: str = ""
    label: str = ""


# What lists and searches read of a contact: its first number and e-mail ("" for none), its sort key, its search text.
Texts = tuple[str, str, str, str]


class Candidate(msgspec.Struct, gc=False):
    """A row understood. `row` counts as people see it in their sheet, from 1.

    `twin` is an earlier row of this file with the same number or e-mail, else 0. `warnings` tell what of the row was
    left out. `status`, `owner` and `tags` are as written; `country` is an ISO code. `matches` (keys of the addresses)
    and `texts` are worked out ahead of the writing, where they can be (preparing.py).
    """

    row: int
    name: str
    company: str
    addresses: tuple[Address, ...]
    status: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    country: str = ""
    owner: str = ""
    custom: dict[str, str] = {}
    warnings: tuple[str, ...] = ()
    twin: int = 0
    is_company: bool = False
    matches: list[str] | None = None
    texts: Texts | None = None


class Reject(msgspec.Struct, gc=False):
    """A row refused. `cells` are its texts as the file has them; `field` is the target that was wrong."""

    row: int
    field: str
    reason: str
    cells: list[str]


Result = Candidate | Reject

"""Webhook fields beside messages: calls, preferences, changed ids, the state of account and templates."""

from collections.abc import Iterator

from drivers.contract import N_, CallStory, Inbound, Party
from drivers.meta.faults import UNKNOWN, code_of, rule_for, why
from drivers.meta.reading import Fields, fields, items, mark, seconds, text, whole
from drivers.whatsapp import people
from drivers.whatsapp.errors import RULES

CHANNEL = "whatsapp"
ACCOUNT = N_("Aviso de Meta sobre la cuenta de WhatsApp.")
TROUBLE = N_("Meta avisa de un problema con este número.")
OUTCOMES = {"COMPLETED": "answered", "REJECTED": "rejected", "FAILED": "failed"}


def calls(value: Fields, me: Party) -> Iterator[Inbound]:
    """Voice calls over WhatsApp: they ring, and they end."""
    known = people.People(value)
    for said in items(value, "calls"):
        incoming = text(said, "direction") != "BUSINESS_INITIATED"
        other = known.sender(said) if incoming else known.receiver(said)
        yield Inbound(
            external_id=f"{text(said, 'id') or mark(said)}-{text(said, 'event')}", channel=CHANNEL, kind="call",
            sender=other if incoming else me, to=(me,) if incoming else _one(other), call=_story(said, incoming, other),
            sent_at=seconds(said, "timestamp"), raw=said,
        )  # fmt: skip


def _story(said: Fields, incoming: bool, other: Party | None) -> CallStory:
    ended = text(said, "event") == "terminate"
    spoke = seconds(said, "start_time")
    outcome = OUTCOMES.get(text(said, "status"), "no_answer") if ended else ""
    silent = outcome == "answered" and not whole(said, "duration")
    return CallStory(
        direction="in" if incoming else "out", state="ended" if ended else "ringing",
        other=other.address if other else "", outcome="no_answer" if silent else outcome, answered_at=spoke,
        ended_at=seconds(said, "end_time") or (seconds(said, "timestamp") if ended else None),
    )  # fmt: skip


def preferences(value: Fields, me: Party) -> Iterator[Inbound]:
    """`marketing_messages:stop` in `payload`: the person wants no more of them (or again some)."""
    known = people.People(value)
    for said in items(value, "user_preferences"):
        names = {"from": text(said, "wa_id"), "from_user_id": text(said, "user_id")}
        yield Inbound(
            external_id=f"preference-{mark(said)}", channel=CHANNEL, kind="event", sender=known.sender(names), to=(me,),
            text=text(said, "detail"), payload=f"{text(said, 'category')}:{text(said, 'value')}", automatic=True,
            sent_at=seconds(said, "timestamp"), raw=said,
        )  # fmt: skip


def changed_ids(value: Fields, me: Party) -> Iterator[Inbound]:
    """A person's user id became another one: both join in the sender."""
    for said in items(value, "user_id_update"):
        now, before = text(said, "user_id", "current"), text(said, "user_id", "previous")
        yield Inbound(
            external_id=f"user-id-{mark(said)}", channel=CHANNEL, kind="event", payload="user_changed_user_id",
            sender=people.party(text(said, "wa_id"), now, before), to=(me,), text=text(said, "detail"), automatic=True,
            sent_at=seconds(said, "timestamp"), raw=said,
        )  # fmt: skip


def errors(value: Fields, me: Party) -> Iterator[Inbound]:
    """What went wrong with the number as a whole."""
    for said in items(value, "errors"):
        rule = rule_for(code_of(said), RULES)
        facts = {"code": text(said, "code") or "?", "why": why(said) or "?"}
        yield Inbound(
            external_id=f"error-{mark(said, value)}", channel=CHANNEL, kind="event", to=(me,), subject=TROUBLE,
            text=(rule.sentence if rule else UNKNOWN) % facts, payload=text(said, "code"), automatic=True, raw=said,
        )  # fmt: skip


def other(field: str, value: Fields, entry: Fields) -> Inbound:
    """Any other field: kept whole, named by its content, so that a replay is the same one."""
    return Inbound(
        external_id=f"{field or 'change'}-{mark(value, text(entry, 'id'), text(entry, 'time'))}"[:180], channel=CHANNEL,
        kind="event", subject=ACCOUNT, payload=field, text=text(value, "event") or text(fields(value), "reason"),
        automatic=True, sent_at=seconds(entry, "time"), raw=value,
    )  # fmt: skip


def _one(party: Party | None) -> tuple[Party, ...]:
    return (party,) if party else ()

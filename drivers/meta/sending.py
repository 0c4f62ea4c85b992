"""One message, perhaps in several parts, and the truth about it. Meta takes no key: nothing is asked for twice."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from drivers.contract import N_, NotReady, Receipt, Trouble
from drivers.http import Unanswered
from drivers.meta.faults import Refused, Rules, trouble

NO_ANSWER = N_("Meta no confirmó el envío. Revise en el teléfono o en la bandeja de Meta antes de reenviar.")
PARTLY = N_("Solo salió una parte del mensaje. Revise en el teléfono o en la bandeja de Meta antes de reenviar.")
Step = Callable[[], Awaitable[str]]  # sends one part; its id, "" when the answer held none


async def deliver(steps: Sequence[Step], rules: Rules, state: Literal["accepted", "sent"]) -> Receipt:
    """Send the parts in their order. Raises SendError, NotReady or NeedsHuman only when certainly none of them left.

    A part that may have left, or one that failed after another one left, makes the whole doubtful: a person looks.
    """
    sent: list[str] = []
    for step in steps:
        try:
            identity = await step()
        except Unanswered:
            return _doubt(sent, NO_ANSWER)
        except (Refused, NotReady) as error:
            if isinstance(error, Refused) and error.fault.doubtful:
                return _doubt(sent, NO_ANSWER)
            if sent:
                return _doubt(sent, PARTLY)
            raise _plain(error, rules) from error
        if not identity:
            return _doubt(sent, NO_ANSWER)
        sent.append(identity)
    return Receipt(external_id=sent[0], also=tuple(sent[1:]), parts=len(sent), state=state)


def _doubt(sent: list[str], why: str) -> Receipt:
    first, also = next(iter(sent), ""), tuple(sent[1:])
    return Receipt(external_id=first, also=also, parts=max(1, len(sent)), state="doubtful", note=why)


def _plain(error: Refused | NotReady, rules: Rules) -> Trouble:
    return trouble(error.fault, rules) if isinstance(error, Refused) else error

"""The phone's inbox: what no webhook told. The office absorbs what came by both ways."""

from collections import OrderedDict
from datetime import timedelta
from typing import Any

from drivers.contract import Inbound, Sink, now
from drivers.http import Answer
from drivers.loose import Object, parts
from drivers.smsgate.events import of_inbox
from drivers.smsgate.phone import Phone, stamp

PAGE = 100
KNOWN_MAX = 20_000
AHEAD = timedelta(hours=26)  # the phone's clock may be wrong, also by its whole zone


class Inbox:
    """Newest first, page by page, until a page brings nothing new."""

    def __init__(self, phone: Phone, hours: int) -> None:
        self.phone = phone
        self.back = timedelta(hours=hours)
        self._known: OrderedDict[str, None] = OrderedDict()

    async def read(self, sink: Sink, whole: bool = False) -> None:
        """`whole`: all pages, since an SMS that was long on its way lies deeper."""
        offset = 0
        while rows := await self._page(offset):
            fresh = [inbound for row in rows if (inbound := of_inbox(row)) and inbound.external_id not in self._known]
            for inbound in reversed(fresh):
                await sink.received(inbound)
                self._remember(inbound)
            if len(rows) < PAGE or not (fresh or whole):
                return
            offset += PAGE

    async def _page(self, offset: int) -> tuple[Object, ...]:
        params = {
            "type": "SMS", "from": stamp(now() - self.back), "to": stamp(now() + AHEAD), "limit": str(PAGE),
            "offset": str(offset),
        }  # fmt: skip
        return parts({"rows": await self.phone.get("inbox", params)}, "rows")

    def _remember(self, inbound: Inbound) -> None:
        self._known[inbound.external_id] = None
        if len(self._known) > KNOWN_MAX:
            self._known.popitem(last=False)

    async def refresh(self, back: timedelta) -> Answer:
        """Have the phone look at its own SMS again: what is new to the app comes by webhook and stands in its inbox."""
        asked: dict[str, Any] = {"since": stamp(now() - back), "until": stamp(now() + AHEAD)}
        device = self.phone.settings.device_id
        asked |= {"deviceId": device} if device else {}
        more = {"messageTypes": ["SMS"], "triggerWebhooks": True}
        answer = await self.phone.ask("POST", "inbox/refresh", asked | more)
        if answer.status == 404:  # older apps
            answer = await self.phone.ask("POST", "messages/inbox/export", asked)
        return answer

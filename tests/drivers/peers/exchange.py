"""A small exchange of our own: calls are played on it, and `events` is what Asterisk 12 and later say of them over AMI.

Names and fields are those of Asterisk's "AMI Events" reference. A channel takes the Linkedid of who dials it; in a
bridge everybody takes the oldest. Two halves of an inner pipe (Local) end together; a pipe between two bridges is
optimised away unless it is to stay. Who is left alone in a bridge, or has nobody left to dial, hangs up.
"""

from dataclasses import dataclass, field

DOWN, RING, RINGING, UP = "0", "4", "5", "6"  # ChannelState
SAID = {DOWN: "Down", RING: "Ring", RINGING: "Ringing", UP: "Up"}
NORMAL, BUSY, NO_ANSWER, ELSEWHERE = "16", "17", "19", "26"  # Cause (Q.850)
BEGAN = 1795269600  # a Uniqueid is the second in which the exchange started and a running number
Event = dict[str, str]


@dataclass(eq=False)
class Channel:
    """`dialled` are those that it dials now; `mate` is the other half of a pipe; `asks`: who answers must accept."""

    name: str
    uniqueid: str
    linkedid: str
    exten: str = ""
    number: str = ""
    state: str = DOWN
    bridge: str = ""
    dialler: "Channel | None" = None
    dialled: list["Channel"] = field(default_factory=list)
    mate: "Channel | None" = None
    asks: bool = False
    alive: bool = True

    @property
    def far(self) -> bool:
        """Whether it is the half of a pipe in which a dialplan runs."""
        return self.name.endswith(";2")

    def said(self, role: str = "") -> Event:
        """What an event says of it, in its role (Dest, Transferer, ...)."""
        about = {"Channel": self.name, "ChannelState": self.state, "ChannelStateDesc": SAID[self.state],
                 "CallerIDNum": self.number or "<unknown>", "Exten": self.exten,
                 "Uniqueid": self.uniqueid, "Linkedid": self.linkedid}  # fmt: skip
        return {role + key: value for key, value in about.items()}


def age(identifier: str) -> int:
    return int(identifier.rpartition(".")[2])


class Exchange:
    """Verbs are what people and dialplans do. `pipes_stay`: they were made with /n, so none is optimised away."""

    def __init__(self, *, pipes_stay: bool = False) -> None:
        self.pipes_stay = pipes_stay
        self.events: list[Event] = []
        self.bridges: dict[str, list[Channel]] = {}
        self._channels = self._count = 0

    # --- what people do

    def lift(self, device: str, dials: str, number: str = "") -> Channel:
        """A telephone (or a trunk, with the caller's number) starts a call."""
        caller = self._new(device, dials, number=number or device.partition("/")[2])
        self._turn(caller, RING)
        return caller

    def ring(self, *channels: Channel) -> None:
        for channel in channels:
            self._turn(channel, RINGING)
            if channel.dialler and channel.dialler.far and channel.dialler.mate:
                self.ring(channel.dialler.mate)

    def answer(self, channel: Channel) -> None:
        """It is lifted; everybody who dials it, up to the caller, is connected."""
        self._turn(channel, UP)
        if channel.asks:
            return
        caller = channel.dialler
        self._dial_end(channel, "ANSWER")
        if caller is None:
            return
        for other in list(caller.dialled):
            self._cancel(other, ELSEWHERE)
        self._turn(caller, UP)
        if caller.far and caller.mate:
            self.answer(caller.mate)
        self.bridge(caller, channel)

    def refuse(self, channel: Channel, status: str = "BUSY", cause: str = BUSY) -> None:
        """A dialled one says no. When nobody else is dialled, who dialled it ends with the same words."""
        caller = channel.dialler
        self._dial_end(channel, status)
        self.hang_up(channel, cause)
        if caller is None or caller.dialled:
            return
        if caller.far and caller.mate:
            return self.refuse(caller.mate, "NOANSWER" if status == "CONTINUE" else status, cause)
        self.hang_up(caller, cause)

    def decline(self, asking: Channel) -> None:
        """Whoever lifted behind a pipe that asks does not want the call."""
        assert asking.mate
        self.refuse(asking.mate, "CONTINUE", NORMAL)

    def time_out(self, caller: Channel) -> None:
        """It rang long enough."""
        for callee in list(caller.dialled):
            self._dial_end(callee, "NOANSWER")
            self.hang_up(callee)
        self.hang_up(caller, NO_ANSWER)

    def hang_up(self, channel: Channel, cause: str = NORMAL) -> None:
        if not channel.alive:
            return
        channel.alive = False
        for callee in list(channel.dialled):
            self._cancel(callee)
        left = self._leave(channel)
        self._say("Hangup", channel.said(), Cause=cause)
        if channel.mate:
            self.hang_up(channel.mate, cause)
        if len(left) == 1:
            self.hang_up(left[0], cause)

    def transfer_blind(self, by: Channel, exten: str) -> Channel:
        """`by` sends the other one to an extension: what that one dials there comes next."""
        (other,) = self._others(by)
        self._say("BlindTransfer", by.said("Transferer"), other.said("Transferee"), self._about(by.bridge),
                  Result="Success", IsExternal="Yes", Context="internos", Extension=exten)  # fmt: skip
        self._leave(other)
        self._leave(by)
        self.hang_up(by)
        other.exten = exten
        return other

    def transfer_attended(self, first: Channel, second: Channel) -> None:
        """Somebody with two calls joins their other ends and is out of both."""
        (other,) = self._others(first)
        before, after = self._about(first.bridge, "Orig"), self._about(second.bridge, "Second")
        place = second.bridge
        self._leave(other)
        self._leave(second)
        self._enter(other, place)
        self._say("AttendedTransfer", first.said("OrigTransferer"), before, second.said("SecondTransferer"), after,
                  Result="Success", IsExternal="Yes", DestType="Bridge", DestBridgeUniqueid=place)  # fmt: skip
        self._leave(first)
        self.hang_up(first)
        self.hang_up(second)

    def pick_up(self, picker: Channel, ringing: Channel) -> None:
        """Another telephone takes a call that rings elsewhere: it is dialled in its place."""
        caller = ringing.dialler
        assert caller
        self._turn(picker, UP)
        self._say("Pickup", picker.said(), ringing.said("Target"))
        self._dial_end(ringing, "CANCEL")
        self._dial_begin(caller, picker)
        self.hang_up(ringing, ELSEWHERE)
        self.answer(picker)

    # --- what dialplans do

    def originate(self, exten: str, context: str) -> tuple[Channel, Channel]:
        """Action Originate on a pipe that nobody dials: its near half is the call's start, its far half dials."""
        near, far = self._pair(exten, context)
        self._dial_begin(None, near)
        return near, far

    def queue(self, caller: Channel, name: str) -> None:
        """A queue answers at once; its members are dialled next."""
        self._turn(caller, UP)
        self._say("QueueCallerJoin", caller.said(), Queue=name, Position="1", Count="1")

    def dial(self, caller: Channel, device: str, number: str, through: tuple[str, ...] = ()) -> Channel:
        """A device is dialled, behind one pipe for each context."""
        for context in through:
            caller = self.pipe(caller, number, context)
        self._say("Newexten", caller.said(), Application="Dial", AppData=device, Extension=caller.exten)
        callee = self._new(device, "s", caller.linkedid)
        callee.number = callee.exten = number
        self._dial_begin(caller, callee)
        return callee

    def pipe(self, caller: Channel, number: str, context: str, *, asks: bool = False) -> Channel:
        """A pipe is dialled; gives its far half, which dials on."""
        near, far = self._pair(number, context, caller)
        near.number, near.asks = number, asks
        self._dial_begin(caller, near)
        return far

    def bridge(self, *channels: Channel) -> None:
        place = f"puente-{len(self.bridges) + 1}"
        self.bridges[place] = []
        self._say("BridgeCreate", self._about(place))
        for channel in channels:
            self._enter(channel, place)
        for channel in channels:
            if channel.mate and channel.bridge and channel.mate.bridge and not self.pipes_stay:
                self._optimise(*sorted((channel, channel.mate), key=lambda half: half.far))

    # --- what the exchange does

    def _say(self, event: str, *about: Event, **more: str) -> None:
        said = {"Event": event, "Privilege": "call,all"}
        for each in about:
            said |= each
        self.events.append(said | more)

    def _new(self, device: str, exten: str, linkedid: str = "", number: str = "") -> Channel:
        self._count += 1
        return self._named(f"{device}-{self._count:08x}", exten, linkedid, number)

    def _named(self, name: str, exten: str, linkedid: str, number: str) -> Channel:
        self._channels += 1
        uniqueid = f"{BEGAN}.{self._channels}"
        channel = Channel(name, uniqueid, linkedid or uniqueid, exten, number)
        self._say("Newchannel", channel.said())
        return channel

    def _pair(self, exten: str, context: str, caller: Channel | None = None) -> tuple[Channel, Channel]:
        self._count += 1
        name = f"Local/{exten}@{context}-{self._count:08x}"
        near = self._named(f"{name};1", exten, caller.linkedid if caller else "", "")
        far = self._named(f"{name};2", exten, near.linkedid, caller.number if caller else "")
        near.mate, far.mate = far, near
        self._turn(far, RING)
        self._say("LocalBridge", near.said("LocalOne"), far.said("LocalTwo"),
                  Context=context, Exten=exten, LocalOptimization="No" if self.pipes_stay else "Yes")  # fmt: skip
        return near, far

    def _turn(self, channel: Channel, state: str) -> None:
        if channel.state != state:
            channel.state = state
            self._say("Newstate", channel.said())

    def _dial_begin(self, caller: Channel | None, callee: Channel) -> None:
        if caller:
            callee.dialler = caller
            caller.dialled.append(callee)
        self._say("DialBegin", caller.said() if caller else {}, callee.said("Dest"), DialString=callee.exten)

    def _dial_end(self, callee: Channel, status: str) -> None:
        caller, callee.dialler = callee.dialler, None
        if caller:
            caller.dialled.remove(callee)
        self._say("DialEnd", caller.said() if caller else {}, callee.said("Dest"), DialStatus=status)

    def _cancel(self, callee: Channel, cause: str = NORMAL) -> None:
        self._dial_end(callee, "CANCEL")
        self.hang_up(callee, cause)

    def _about(self, place: str, role: str = "") -> Event:
        return {f"{role}BridgeUniqueid": place, f"{role}BridgeType": "basic",
                f"{role}BridgeNumChannels": str(len(self.bridges[place]))}  # fmt: skip

    def _others(self, channel: Channel) -> list[Channel]:
        return [each for each in self.bridges[channel.bridge] if each is not channel]

    def _enter(self, channel: Channel, place: str) -> None:
        channel.bridge = place
        self.bridges[place].append(channel)
        self._say("BridgeEnter", self._about(place), channel.said())
        oldest = min((each.linkedid for each in self.bridges[place]), key=age)
        for each in self.bridges[place]:
            each.linkedid = oldest

    def _leave(self, channel: Channel) -> list[Channel]:
        """Who stays in the bridge that it was in."""
        place, channel.bridge = channel.bridge, ""
        if not place:
            return []
        self.bridges[place].remove(channel)
        self._say("BridgeLeave", self._about(place), channel.said())
        if not self.bridges[place]:
            self._say("BridgeDestroy", self._about(place))
        return self.bridges[place]

    def _optimise(self, near: Channel, far: Channel) -> None:
        """Who is behind the pipe takes its place in front of it."""
        (behind,), place = self._others(far), near.bridge
        halves = near.said("LocalOne") | far.said("LocalTwo")
        self._say("LocalOptimizationBegin", halves, behind.said("Source"), DestUniqueId=near.uniqueid, Id=place)
        self._leave(behind)
        self._leave(near)
        self._enter(behind, place)
        self._leave(far)
        self._say("LocalOptimizationEnd", halves, Success="Yes", Id=place)
        self.hang_up(near)

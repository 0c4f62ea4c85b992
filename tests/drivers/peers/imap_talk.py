"""One connection of the IMAP peer: what it understands, and what it thinks of the rest."""

import asyncio
import base64
import re
from dataclasses import dataclass
from typing import Any

from tests.drivers.peers.imap_store import Folder
from tests.drivers.peers.mail_faults import DROP, HALF, SILENCE, SLOW, SLOW_S, Gone, silence

USER, PASSWORD, TOKEN = "ventas@oficina.example", "clave de prueba", "permiso-1"
ITEM = re.compile(rb"BODY\.PEEK\[(HEADER)?\](?:<0\.(\d+)>)?|RFC822\.SIZE|INTERNALDATE|UID")
BEFORE = {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "LOGIN", "AUTHENTICATE"}


@dataclass
class Talk:
    """One connection."""

    peer: Any  # an ImapPeer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    folder: Folder | None = None
    name: str = ""
    known: int = 0
    logged_in: bool = False
    encrypted: bool = False

    async def run(self) -> None:
        if await self._fault("GREETING") != "":
            return
        self.say("* OK [CAPABILITY " + self._capabilities() + "] ready")
        while True:
            tag, words, literals = await self._command()
            await self._obey(tag, words, literals)
            await self.writer.drain()

    def _capabilities(self) -> str:
        if self.peer.starttls and not self.encrypted:
            return "IMAP4rev1 STARTTLS LOGINDISABLED"
        return self.peer.capabilities + " AUTH=PLAIN AUTH=XOAUTH2"

    def say(self, *lines: str | bytes) -> None:
        for line in lines:
            self.writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    async def _command(self) -> tuple[str, str, list[bytes]]:
        line, literals = "", []
        while True:
            piece = (await self.reader.readuntil(b"\r\n"))[:-2].decode("ascii")
            announced = re.search(r"\{(\d+)\}$", piece)
            if not announced:
                break
            line += piece[: announced.start()] + f"\0{len(literals)}"
            if await self._fault("LITERAL"):
                raise Gone
            self.say("+ go on")
            literals.append(await self.reader.readexactly(int(announced[1])))
        tag, _, words = (line + piece).partition(" ")
        return tag, words, literals

    async def _fault(self, command: str) -> str:
        what = self.peer.faults.take(command)
        if what == DROP:
            raise Gone
        if what == SILENCE:
            await silence(self.reader)
        if what == SLOW:
            await asyncio.sleep(SLOW_S)
            return ""
        if what == HALF:
            self.writer.write(b"* OK [CAPABI")
            await self.writer.drain()
            await silence(self.reader)
        return what

    async def _obey(self, tag: str, words: str, literals: list[bytes]) -> None:
        verb, _, rest = words.partition(" ")
        if verb == "UID":
            sub, _, rest = rest.partition(" ")
            verb = f"UID {sub}"
        if said := await self._fault(verb):
            self.say(f"{tag} {said}")
            return
        method = getattr(self, "do_" + verb.lower().replace(" ", "_"), None)
        if method is None or (not self.logged_in and verb not in BEFORE):
            self.peer.nonsense.append(words)
            self.say(f"{tag} BAD unknown or out of place")
            return
        await method(tag, rest, literals)

    def _ok(self, tag: str, text: str = "done") -> None:
        """Untold arrivals are told with the end of any command, as real servers do."""
        if self.folder is not None and len(self.folder.messages) != self.known:
            self.known = len(self.folder.messages)
            self.say(f"* {self.known} EXISTS")
        self.say(f"{tag} OK {text}")

    async def do_capability(self, tag: str, _rest: str, _literals: list[bytes]) -> None:
        self.say("* CAPABILITY " + self._capabilities())
        self._ok(tag)

    async def do_noop(self, tag: str, _rest: str, _literals: list[bytes]) -> None:
        self._ok(tag)

    async def do_logout(self, tag: str, _rest: str, _literals: list[bytes]) -> None:
        self.say("* BYE", f"{tag} OK")
        await self.writer.drain()
        raise Gone

    async def do_starttls(self, tag: str, _rest: str, _literals: list[bytes]) -> None:
        if not self.peer.starttls or self.encrypted:
            self.say(f"{tag} BAD no")
            return
        self.say(f"{tag} OK begin")
        await self.writer.drain()
        assert self.peer.tls
        await self.writer.start_tls(self.peer.tls)
        self.encrypted = True

    async def do_login(self, tag: str, rest: str, literals: list[bytes]) -> None:
        quoted = re.fullmatch(r'("(?:[^"\\]|\\.)*"|\x00\d) ("(?:[^"\\]|\\.)*"|\x00\d)', rest)
        assert quoted, "LOGIN takes two strings"
        self._judge(tag, (text(quoted[1], literals), text(quoted[2], literals)) == (USER, PASSWORD))

    async def do_authenticate(self, tag: str, rest: str, _literals: list[bytes]) -> None:
        self.say("+ ")
        proof = base64.b64decode(await self.reader.readline(), validate=False).decode()
        wanted = f"user={USER}\1auth=Bearer {TOKEN}\1\1" if rest == "XOAUTH2" else f"\0{USER}\0{PASSWORD}"
        if rest == "XOAUTH2" and proof != wanted:
            self.say(b"+ " + base64.b64encode(b'{"status":"400"}'))
            assert await self.reader.readline() == b"\r\n", "the error challenge is answered with an empty line"
        self._judge(tag, proof == wanted)

    def _judge(self, tag: str, right: bool) -> None:
        if self.peer.login_answer:
            self.say(f"{tag} {self.peer.login_answer}")
        elif right:
            self.logged_in = True
            self._ok(tag, f"[CAPABILITY {self._capabilities()}] welcome")
        else:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] wrong")

    async def do_select(self, tag: str, rest: str, literals: list[bytes]) -> None:
        folder = self.peer.folders.get(text(rest, literals))
        if folder is None:
            self.folder = None
            self.say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self.folder, self.known = folder, len(folder.messages)
        self.say(f"* {self.known} EXISTS", "* 0 RECENT", f"* OK [UIDVALIDITY {folder.validity}] x")
        self.say(f"* OK [UIDNEXT {folder.next_uid}] x", f"{tag} OK [READ-{'ONLY' if self.peer.readonly else 'WRITE'}]")

    async def do_list(self, tag: str, rest: str, _literals: list[bytes]) -> None:
        assert rest == '"" "*"', rest
        for name, folder in self.peer.folders.items():
            self.say(f'* LIST ({folder.flags}) "/" "{name}"')
        self._ok(tag)

    async def do_create(self, tag: str, rest: str, literals: list[bytes]) -> None:
        self.peer.folders[text(rest, literals)] = Folder()
        self._ok(tag)

    async def do_uid_search(self, tag: str, rest: str, _literals: list[bytes]) -> None:
        assert self.folder is not None
        found = self.folder.find(rest)
        self.say("* SEARCH" + "".join(f" {uid}" for uid in found))
        self._ok(tag)

    async def do_uid_fetch(self, tag: str, rest: str, _literals: list[bytes]) -> None:
        uid, _, items = rest.partition(" ")
        assert self.folder is not None
        assert items.startswith("(UID ")
        assert items.endswith(")")
        if kept := self.folder.messages.get(int(uid)):
            said = []
            for item in ITEM.finditer(items.encode()):
                said.append(_item(item, int(uid), kept.raw, kept.arrived.strftime("%d-%b-%Y %H:%M:%S +0000")))
            self.say(b"* %d FETCH (" % self.folder.sequence(int(uid)) + b" ".join(said) + b")")
        self._ok(tag)

    async def do_uid_store(self, tag: str, rest: str, _literals: list[bytes]) -> None:
        uid, how, flag = rest.split(" ", 2)
        assert how == "+FLAGS.SILENT", how
        assert self.folder is not None
        assert not self.peer.readonly
        if int(uid) in self.folder.messages:
            self.folder.messages[int(uid)].flags.add(flag.strip("()"))
        self._ok(tag)

    async def do_uid_copy(self, tag: str, rest: str, literals: list[bytes]) -> None:
        uid, _, name = rest.partition(" ")
        target = self.peer.folders.get(text(name, literals))
        if target is None:
            self.say(f"{tag} NO [TRYCREATE] no such folder")
            return
        assert self.folder is not None
        kept = self.folder.messages[int(uid)]
        target.put(kept.raw, kept.flags)
        self._ok(tag)

    async def do_uid_move(self, tag: str, rest: str, literals: list[bytes]) -> None:
        assert "MOVE" in self.peer.capabilities, "MOVE was not offered"
        uid, _, name = rest.partition(" ")
        if text(name, literals) in self.peer.folders:
            assert self.folder is not None
            kept = self.folder.messages[int(uid)]
            self.peer.folders[text(name, literals)].put(kept.raw, kept.flags)
            self._remove([int(uid)])
            self._ok(tag)
        else:
            self.say(f"{tag} NO [TRYCREATE] no such folder")

    async def do_uid_expunge(self, tag: str, rest: str, _literals: list[bytes]) -> None:
        assert "UIDPLUS" in self.peer.capabilities, "UID EXPUNGE was not offered"
        self._remove([int(rest)])
        self._ok(tag)

    async def do_expunge(self, tag: str, _rest: str, _literals: list[bytes]) -> None:
        assert self.folder is not None
        self._remove(self.folder.find("DELETED"))
        self._ok(tag)

    def _remove(self, uids: list[int]) -> None:
        assert self.folder is not None
        for uid in uids:
            self.say(f"* {self.folder.sequence(uid)} EXPUNGE")
            del self.folder.messages[uid]
            self.known -= 1

    async def do_append(self, tag: str, rest: str, literals: list[bytes]) -> None:
        name, flags, _literal = rest.rsplit(" ", 2)
        folder = self.peer.folders.get(text(name, literals))
        if folder is None:
            self.say(f"{tag} NO [TRYCREATE] no such folder")
            return
        folder.put(literals[-1], {flags.strip("()")})
        self._ok(tag)

    async def do_idle(self, tag: str, _rest: str, _literals: list[bytes]) -> None:
        assert "IDLE" in self.peer.capabilities, "IDLE was not offered"
        assert self.folder is not None
        self.say("+ idling")
        done = asyncio.ensure_future(self.reader.readline())
        self.peer.idling.set()
        try:
            while not done.done():
                await self._tell(done)
        finally:
            done.cancel()
            self.peer.idling.clear()
        if not done.result():
            raise Gone
        assert done.result() == b"DONE\r\n", "only DONE ends IDLE"
        self._ok(tag)

    async def _tell(self, done: "asyncio.Future[bytes]") -> None:
        assert self.folder is not None
        if len(self.folder.messages) != self.known:
            self.known = len(self.folder.messages)
            self.say(f"* {self.known} EXISTS")
            await self.writer.drain()
        self.folder.changed.clear()
        change = asyncio.ensure_future(self.folder.changed.wait())
        await asyncio.wait({done, change}, return_when=asyncio.FIRST_COMPLETED)
        change.cancel()


def text(word: str, literals: list[bytes]) -> str:
    """A string argument: quoted, or one of the literals."""
    if word.startswith("\0"):
        return literals[int(word[1:])].decode()
    assert word.startswith('"'), f"not a string: {word}"
    return re.sub(r"\\(.)", r"\1", word[1:-1])


def _item(asked: re.Match[bytes], uid: int, raw: bytes, arrived: str) -> bytes:
    if asked[0] == b"UID":
        return b"UID %d" % uid
    if asked[0] == b"RFC822.SIZE":
        return b"RFC822.SIZE %d" % len(raw)
    if asked[0] == b"INTERNALDATE":
        return b'INTERNALDATE "' + arrived.encode() + b'"'
    section = asked[1] or b""
    content = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if section else raw
    partial = b"<0>" if asked[2] else b""
    content = content[: int(asked[2])] if asked[2] else content
    return b"BODY[" + section + b"]" + partial + b" {%d}\r\n" % len(content) + content

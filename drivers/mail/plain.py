"""Plain text from HTML, and from text that was folded on its way (RFC 3676)."""

import html
import re
from html.parser import HTMLParser

BLOCKS = {
    "address", "article", "aside", "center", "div", "dl", "dt", "dd", "fieldset", "footer", "form", "header", "main",
    "nav", "ol", "section", "table", "tr", "ul", "caption", "figure", "li",
}  # fmt: skip
APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr"}
HIDDEN = {"script", "style", "head", "title", "template", "noscript", "object", "iframe", "svg", "math"}
NOTHING = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u034f]")  # invisible fillers of newsletters
TEXT_MAX = 2_000_000


class _Writer(HTMLParser):
    """Writes what a reader would see, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.hidden = 0
        self.pre = 0
        self.quoted = 0
        self.links: list[tuple[str, int]] = []
        self.lists: list[int] = []  # 0: bullets, else the next number

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag in HIDDEN:
            self.hidden += 1
        elif tag in APART or tag in BLOCKS:
            self._open_block(tag, said)
        elif tag == "br":
            self._line()
        elif tag == "a":
            self.links.append((said.get("href", ""), len(self.out)))
        elif tag == "img" and said.get("alt", "").strip():
            self._write(f"[{said['alt'].strip()}]")
        elif tag in ("td", "th") and self.out and not self.out[-1].endswith("\n"):
            self._write(" ")

    def _open_block(self, tag: str, said: dict[str, str]) -> None:
        self._line(2 if tag in APART else 1)
        if tag in ("ul", "ol"):
            start = said.get("start", "1")
            self.lists.append((int(start) if start.isdecimal() and len(start) < 6 else 1) if tag == "ol" else 0)
        elif tag == "li":
            self._write(self._bullet())
        elif tag == "blockquote":
            self.quoted += 1
        elif tag == "pre":
            self.pre += 1
        elif tag == "hr":
            self._write("---")
            self._line()

    def _bullet(self) -> str:
        if not self.lists or not self.lists[-1]:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1] - 1}. "

    def handle_endtag(self, tag: str) -> None:
        if tag in HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "a" and self.links:
            self._close_link(*self.links.pop())
        elif tag in APART or tag in BLOCKS:
            self._close_block(tag)

    def _close_block(self, tag: str) -> None:
        self._line(2 if tag in APART else 1)
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
        elif tag == "pre":
            self.pre = max(0, self.pre - 1)

    def _close_link(self, href: str, since: int) -> None:
        """The address beside its words, where the words do not already say it."""
        words = "".join(self.out[since:]).strip()
        bare = href.strip().removeprefix("mailto:").removeprefix("tel:")
        if href.lower().startswith(("http", "mailto:", "tel:")) and words and _core(bare) != _core(words):
            self._write(f" ({bare})")

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        data = NOTHING.sub("", data)
        self._write(data if self.pre else re.sub(r"[ \t\r\n\f\xa0]+", " ", data))

    def _write(self, data: str) -> None:
        if self.hidden or not data:
            return
        fresh = not self.out or self.out[-1].endswith("\n")
        if (fresh and not self.pre) or (self.out and self.out[-1].endswith(" ") and not self.pre):
            data = data.lstrip(" ")
        if data:
            self.out.append(("> " * min(self.quoted, 5) if fresh else "") + data)

    def _line(self, ends: int = 1) -> None:
        """At least so many line ends; none at the beginning."""
        if self.hidden or not self.out:
            return
        have = len(self.out[-1]) - len(self.out[-1].rstrip("\n")) if self.out[-1].strip("\n") else 2
        if have < ends:
            self.out.append("\n" * (ends - have))


def _core(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address.strip().lower()).rstrip("/")


def from_html(page: str) -> str:
    """As one would read it aloud: paragraphs, lists, links with their address, no markup.

    For sanitised HTML only: on torn tags the library's parser slows down with the square of their number.
    """
    writer = _Writer()
    writer.feed(page)
    writer.close()
    return tidy("".join(writer.out))


def stripped(page: str) -> str:
    """The words of a page that nobody would parse."""
    return tidy(html.unescape(re.sub(r"<[^<>]*>?", " ", page[:TEXT_MAX])))


def tidy(text: str) -> str:
    """Line ends as \\n, no trailing blanks, no more than one empty line."""
    lines = [line.rstrip() for line in re.sub(r"\r\n?", "\n", text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def unflow(text: str, delsp: bool) -> str:
    """format=flowed (RFC 3676): a line that ends in a blank goes on in the next of the same quote depth."""
    paragraphs: list[list[str]] = []
    depth_before, flowing = -1, False
    for line in re.sub(r"\r\n?", "\n", text).split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if not flowing or depth != depth_before or content == "-- ":
            paragraphs.append([">" * depth + " " if depth else ""])
        depth_before, flowing = depth, content.endswith(" ") and content != "-- "
        paragraphs[-1].append(content[:-1] if flowing and delsp else content)
    return "\n".join("".join(pieces) for pieces in paragraphs)


def to_html(text: str) -> str:
    """A piece of text inside a message whose other pieces are HTML."""
    return "<p>" + html.escape(text).replace("\n", "<br>") + "</p>"

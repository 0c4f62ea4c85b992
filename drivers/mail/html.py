"""HTML made harmless: nothing runs, nothing is fetched, nothing leaves its frame."""

import re

import nh3

HTML_MAX = 2_000_000  # characters; what is longer is cut
DEPTH_MAX = 2_000  # the parser slows down with the square of the depth, and of the attributes of one tag;
WORDS_MAX = 20_000  # no letter has so many: a page that does is after us
TAGS = nh3.ALLOWED_TAGS | {"font", "center", "section", "article", "header", "footer", "main"}
DROPPED = {"script", "style", "title", "head", "noscript", "template", "object", "iframe", "svg", "math", "textarea"}
STYLES = {
    "background-color", "border", "border-collapse", "border-color", "border-radius", "border-style", "border-width",
    "color", "font-family", "font-size", "font-style", "font-weight", "height", "letter-spacing", "line-height",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-width", "padding",
    "padding-bottom", "padding-left", "padding-right", "padding-top", "text-align", "text-decoration", "vertical-align",
    "white-space", "width",
}  # fmt: skip
LAYOUT = {"align", "valign", "bgcolor", "width", "height", "dir", "lang", "title", "style"}
ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": LAYOUT,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*\Z", re.I)
OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
TAG = re.compile(r"<[^<>]*")
VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "wbr", "source", "embed", "p", "li", "td",
        "tr", "th", "tbody", "option", "dd", "dt"}  # fmt: skip  (never closed, or often not)


def clean(html: str, remote_images: bool) -> str:
    """Sanitised; pictures only from inside the message (cid:, data:) unless remote ones are allowed.

    Empty for a page that is made to keep its reader busy; `plain.stripped` still gets its words.
    """
    html = html[:HTML_MAX]
    if _depth(html) > DEPTH_MAX or _words(html) > WORDS_MAX:
        return ""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        return _kept(tag, attribute, value, remote_images)

    return nh3.clean(
        html, tags=TAGS, clean_content_tags=DROPPED, attributes=ATTRIBUTES, attribute_filter=keep,
        filter_style_properties=STYLES, url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
        url_relative="deny", link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def _kept(tag: str, attribute: str, value: str, remote_images: bool) -> str | None:
    """A data: address outside a picture could be a whole page; a remote picture tells who reads, when and where."""
    scheme = value.strip().partition(":")[0].lower()
    if attribute == "style":
        return None if "url" in value.lower() or "\\" in value or "/*" in value else value
    if tag == "img" and attribute == "src":
        local = scheme == "cid" or PICTURE.match(value) is not None
        return value if local or (remote_images and scheme in ("http", "https")) else None
    if attribute in ("href", "cite") and scheme in ("data", "cid"):
        return None
    return value


def _depth(html: str) -> int:
    depth = deepest = 0
    for closing, tag in OPENING.findall(html):
        if tag.lower() not in VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _words(html: str) -> int:
    return max((len(tag.split()) for tag in TAG.findall(html)), default=0)

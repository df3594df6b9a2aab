"""HTML as a flat list that tests can compare: what opens, what closes, and the text between."""

from html.parser import HTMLParser

VOID = {"br", "hr", "img"}


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.items: list[tuple] = []

    def handle_starttag(self, tag, attrs):
        self.items.append(("open", tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.items.append(("close", tag))

    def handle_data(self, data):
        self.items.append(("text", data))

    def handle_comment(self, data):
        self.items.append(("comment", data))

    def handle_decl(self, decl):
        self.items.append(("declaration", decl))

    def handle_pi(self, data):
        self.items.append(("instruction", data))


def outline(html: str) -> list[tuple]:
    """Return `html` as ("open", tag, attributes), ("close", tag) and ("text", text) items."""
    parser = _Outline()
    parser.feed(html)
    parser.close()
    return parser.items


def text_of(html: str) -> str:
    """Return what a reader sees of `html`."""
    return "".join(item[1] for item in outline(html) if item[0] == "text")

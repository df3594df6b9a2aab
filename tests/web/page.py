"""Reading a page as a test needs it: by elements, texts and forms, not by substrings."""

from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element:
    """An element with its attributes, and with elements and texts below it."""

    def __init__(self, tag: str, attributes: dict[str, str]):
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute]

    def get(self, attribute: str) -> str | None:
        return self.attributes.get(attribute)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        """What a reader sees, with every run of white space as one space."""
        return " ".join("".join(self._texts()).split())

    @property
    def raw_text(self) -> str:
        return "".join(self._texts())

    def _texts(self):
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._texts()

    def all(self, tag: str | None = None, **attributes) -> "list[Element]":
        """Return the elements below, in the order of the page.

        `class_="x"` asks for one class among others, `data_x` for `data-x`; None for any value.
        """
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [element for element in self._below() if element._is(tag, wanted)]

    def first(self, tag: str | None = None, **attributes) -> "Element":
        found = self.all(tag, **attributes)
        assert found, f"There is no <{tag}> with {attributes} on the page."
        return found[0]

    def texts(self, tag: str | None = None, **attributes) -> list[str]:
        return [element.text for element in self.all(tag, **attributes)]

    def _below(self):
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()

    def _is(self, tag: str | None, wanted: dict) -> bool:
        if tag is not None and self.tag != tag:
            return False
        return all(
            name in self.attributes
            and (
                value is None
                or value == self.attributes[name]
                or (name == "class" and value in self.classes)
            )
            for name, value in wanted.items()
        )


class Page(Element):
    """A whole page: `Page.of(response)` or `Page(html)`."""

    def __init__(self, html: str):
        super().__init__("#document", {})
        _Builder(self).feed(html.replace("\r\n", "\n"))

    @classmethod
    def of(cls, response) -> "Page":
        return cls(response.text)

    @property
    def title(self) -> str:
        return self.first("title").text

    @property
    def heading(self) -> str:
        return self.first("h1").text

    @property
    def flashes(self) -> list[str]:
        return [flash.first("p").text for flash in self.all(class_="flash")]

    def errors(self, field: str) -> list[str]:
        """Return the messages under the field of this name."""
        return self.first(id=f"{field}-errors").texts("li")

    @property
    def links(self) -> dict[str, str]:
        return {link.text: link["href"] for link in self.all("a", href=None)}

    def link(self, text: str) -> str:
        assert text in self.links, f"There is no link {text!r} among {sorted(self.links)}."
        return self.links[text]

    def form(self, button: str) -> "Element":
        """Return the form with a button of this text."""
        for form in self.all("form"):
            if button in [*form.texts("button"), *(i.get("value") for i in form.all("input"))]:
                return form
        raise AssertionError(f"There is no button {button!r} on the page.")

    @property
    def buttons(self) -> list[str]:
        submits = [field["value"] for field in self.all("input", type="submit")]
        return [*self.texts("button", type="submit"), *submits]


def fields_of(form: Element) -> dict[str, str]:
    """Return what a browser would send for `form`, without any of its buttons."""
    fields = {}
    for field in form.all():
        name, kind = field.get("name"), field.get("type")
        if name is None or kind == "submit" or field.tag == "button":
            continue
        if field.tag == "textarea":
            # The first line break of a text area is not part of its value (HTML, 13.1.2.5).
            fields[name] = field.raw_text.removeprefix("\n")
        elif field.tag == "select":
            chosen = [option for option in field.all("option") if "selected" in option.attributes]
            fields[name] = (chosen or field.all("option"))[0]["value"]
        elif kind not in ("checkbox", "radio") or "checked" in field.attributes:
            fields[name] = field.get("value") or ""
    return fields


class _Builder(HTMLParser):
    def __init__(self, root: Element):
        super().__init__(convert_charrefs=True)
        self.open = [root]

    def handle_starttag(self, tag, attributes):
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)

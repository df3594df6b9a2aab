"""A person without JavaScript, who only follows links and presses buttons that are on the page."""

import re
from urllib.parse import urljoin

from tests.web.page import Element, Page, fields_of


class Walker:
    """One browser; `page` is what it shows and `address` where it is."""

    def __init__(self, app):
        self.client = app.test_client()
        self.address = "/"
        self.page = Page("")

    def open(self, address: str) -> "Walker":
        return self._show("GET", urljoin(self.address, address))

    def follow(self, link: str) -> "Walker":
        """Follow the link of this text."""
        return self.open(self.page.link(link))

    def press(self, button: str, **fields) -> "Walker":
        """Fill in the form with this button and press it. None unticks a box."""
        form = self.page.form(button)
        data = {**fields_of(form), **_name_of(form, button), **fields}
        data = {name: value for name, value in data.items() if value is not None}
        action = urljoin(self.address, form.get("action") or self.address)
        return self._show((form.get("method") or "get").upper(), action, data)

    def open_mail(self, message) -> "Walker":
        """Follow the one link in a mail."""
        (link,) = set(re.findall(r"http://localhost:5000(/\S+)", message.body))
        return self.open(link)

    def log_in(self, email: str, password: str, **fields) -> "Walker":
        self.open("/").follow("Log In")
        return self.press("Log In", email=email, password=password, **fields)

    @property
    def said(self) -> list[str]:
        return self.page.flashes

    def _show(self, method: str, address: str, data: dict | None = None) -> "Walker":
        response = self.client.open(address, method=method, data=data)
        for _ in range(5):
            if response.location is None:
                break
            address = urljoin(address, response.location)
            response = self.client.get(address)
        self.address, self.page, self.status = address, Page.of(response), response.status_code
        return self


def _name_of(form: Element, button: str) -> dict[str, str]:
    """Return what the button itself adds to the form."""
    for field in [*form.all("button"), *form.all("input", type="submit")]:
        if button in (field.text, field.get("value")) and field.get("name"):
            return {field["name"]: field.get("value") or ""}
    return {}

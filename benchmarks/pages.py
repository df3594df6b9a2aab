"""What is asked for: the pages of Flasky, and the bare applications that they are compared with."""

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace
from html import unescape
from urllib.parse import urlencode

from benchmarks.load import CONNECTIONS, Request, Sender
from benchmarks.servers import Server
from benchmarks.visitor import PASSWORD, Visitor

_PER_PAGE = 20
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TOKEN, _MARK = "&csrf_token={token}", "&submission={submission}"  # filled in by whoever sends it
# As many as send at once: one person may write 30 times in five minutes.
WRITERS = tuple(f"writer.{number}" for number in range(1, CONNECTIONS + 1))


@dataclass(frozen=True)
class Page:
    """An address, who asks for it, and what must come back."""

    name: str
    path: str
    server: str = "site"  # or "uncached", or "bare"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    status: int = 200
    statements: int | None = None  # at most so many are meant to be sent
    senders: tuple[Sender, ...] = ()

    @property
    def writes(self) -> bool:
        return self.body is not None

    def request(self, server: Server) -> Request:
        # The name, not the number: that is what cookies and Origin are about.
        origin = f"http://localhost:{server.port}"
        headers = {**self.headers, **({"Origin": origin} if self.writes else {})}
        return Request(
            f"http://127.0.0.1:{server.port}{self.path}",
            headers | _host(server),
            self.body,
            self.senders,
        )


def _host(server: Server) -> dict[str, str]:
    return {"Host": f"localhost:{server.port}"}


LIMITS = (
    Page("const", "/const", "bare"),
    Page("jinja", "/jinja", "bare"),
    Page("insert", "/insert", "bare", body="", status=302),
    Page("argon2", "/argon2", "bare", _FORM, urlencode({"password": PASSWORD}), status=302),
)


def for_strangers(facts: dict, visitor: Visitor) -> list[Page]:
    (following,) = _NEXT.findall(visitor.get("/"))
    profile, discussed = f"/user/{facts['popular']}", f"/post/{facts['discussed']}"
    pages = [
        Page("home", "/", statements=0),
        Page("home-uncached", "/", "uncached", statements=2),
        Page("home-next-uncached", unescape(following), "uncached", statements=2),
        Page("home-2-uncached", "/?page=2", "uncached", statements=2),
    ]
    last = facts["posts"] // _PER_PAGE
    for number in (1000, 40_000):
        if number <= last:
            pages.append(Page(f"home-{number}-uncached", f"/?page={number}", "uncached"))
    return [
        *pages,
        Page("profile-uncached", profile, "uncached", statements=2),
        Page("post-50-uncached", discussed, "uncached"),
    ]


def for_members(facts: dict, visitors: dict[str, Visitor]) -> list[Page]:
    """Return the pages of people who have logged in, `visitors` by their short names."""

    def page(name: str, path: str, reader: str = "light", **cookies: str) -> Page:
        cookie = "; ".join([visitors[reader].cookie_header(), *map("=".join, cookies.items())])
        return Page(name, path, headers={"Cookie": cookie}, statements=4)

    return [
        page("home-in", "/"),
        page("followed-light", "/", show_followed="1"),
        page("followed-heavy", "/", "heavy", show_followed="1"),
        page("followed-light-quiet", "/", "light.quiet", show_followed="1"),
        page("followed-heavy-quiet", "/", "heavy.quiet", show_followed="1"),
        page("profile-in", f"/user/{facts['popular']}"),
        page("post-50-in", f"/post/{facts['discussed']}"),
    ]


def for_programs(facts: dict, tokens: dict[str, str]) -> list[Page]:
    """Return the addresses of the API, asked for with the `tokens` of people."""

    def page(name: str, path: str, reader: str) -> Page:
        return Page(name, f"/api/v1{path}", headers={"Authorization": f"Bearer {tokens[reader]}"})

    def timeline(reader: str) -> str:
        return f"/users/{facts['ids'][f'benchmark.{reader}']}/timeline/"

    return [
        page("api-posts", "/posts/", "light"),
        *(
            page(f"api-timeline-{reader.replace('.', '-')}", timeline(reader), reader)
            for reader in ("light", "heavy", "light.quiet", "heavy.quiet")
        ),
    ]


def that_write(port: int, writers: list[Visitor], targets: list[int]) -> list[Page]:
    """Return the forms that are sent: logging in, posts, and comments.

    Each writer comments below another one of the posts `targets`, or, where a discussion is hot,
    all of them below the same.
    """
    account = {"email": email("light"), "password": PASSWORD}
    stranger = _sender(Visitor(port), "/auth/login")
    people = tuple(_sender(writer, "/") for writer in writers)
    below = [f"/post/{target}" for target in targets]
    apart = tuple(replace(who, path=path) for who, path in zip(people, below, strict=True))
    together = tuple(replace(who, path=below[0]) for who in people)
    text = urlencode({"body": "A *short* post about `nothing` in particular."}) + _MARK
    return [
        _form("log-in", urlencode(account), (stranger,)),
        _form("create-post", text, people),
        _form("create-comment", text, apart),
        _form("create-comment-hot", text, together),
    ]


def _sender(visitor: Visitor, path: str) -> Sender:
    token = visitor.csrf_token(path)  # which may set a cookie
    return Sender(visitor.cookie_header(), token, path)


def _form(name: str, body: str, senders: tuple[Sender, ...]) -> Page:
    path = senders[0].path
    return Page(name, path, headers=_FORM, body=body + _TOKEN, status=302, senders=senders)


def email(reader: str) -> str:
    return f"benchmark.{reader}@example.com"


def api_token(visitor: Visitor, reader: str) -> str:
    """Return a token for an hour."""
    account = b64encode(f"{email(reader)}:{PASSWORD}".encode()).decode()
    answer = visitor.ask("/api/v1/tokens/", method="POST", Authorization=f"Basic {account}")
    if answer.status != 200:
        raise RuntimeError(f"No token for {reader}: {answer.status} {answer.text}")
    return answer.json()["token"]

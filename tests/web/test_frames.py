"""Pages whose frame is kept for many readers, while each reader's own parts are made anew."""

import re

import pytest

from app.models import User
from app.web import frames
from app.web.frames import Frame, part, render_page
from tests.web.page import Page

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def rendered(monkeypatch):
    """The templates that are rendered as a whole."""
    names, render = [], frames.render_template

    def note(template, **values):
        names.append(template)
        return render(template, **values)

    monkeypatch.setattr(frames, "render_template", note)
    return names


def mark(name: str) -> str:
    return f"\x02{frames._SECRET}:{name}\x03"


def test_holes_are_filled_each_with_its_part_made_once():
    made = []
    frame = Frame(f"a{mark('one')}b{mark('two')}c{mark('one')}")
    parts = {"one": lambda: made.append(1) or "1", "two": lambda: "2"}
    assert frame.filled(parts) == "a1b2c1"
    assert made == [1]


def test_what_looks_like_a_mark_is_none():
    forged = "\x02navbar\x03 \x02" + "0" * 32 + ":navbar\x03"
    assert Frame(forged).filled({}) == forged


@pytest.mark.parametrize("path", ["/", "/user/bob", "/post/{post}"])
def test_a_page_is_put_together_once_for_readers_who_see_the_same(
    browser_of, make_user, make_post, bob, rendered, path
):
    path = path.format(post=make_post(author=bob).id)
    browsers = [browser_of(make_user(name)) for name in ("cleo", "dora")]
    first, second = [browser.get(path).text for browser in browsers]
    pages = {"index.html", "user.html", "post.html"}
    assert len([name for name in rendered if name in pages]) == 1
    assert "cleo" in first
    assert "cleo" not in second
    assert "dora" in second
    assert set(_TOKEN.findall(first)).isdisjoint(_TOKEN.findall(second))
    assert "\x02" not in first + second


def test_all_posts_share_a_frame_and_say_whose_they_are(client, ann, bob, make_post, rendered):
    pages = [client.get(f"/post/{make_post(author=author).id}").text for author in (ann, bob)]
    assert rendered.count("post.html") == 1
    assert ["Post by ann" in page for page in pages] == [True, False]
    assert ["Post by bob" in page for page in pages] == [False, True]


def test_every_browser_gets_the_token_of_its_own_session(app, browser_of, ann, make_post):
    app.config["WTF_CSRF_ENABLED"] = True
    post = make_post()
    tokens = {}
    for name in ("one", "two"):
        app.config["WTF_CSRF_ENABLED"] = False
        browser = browser_of(ann)
        app.config["WTF_CSRF_ENABLED"] = True
        (token,) = set(_TOKEN.findall(browser.get(f"/post/{post.id}").text))
        tokens[name] = browser, token
    (one, token_of_one), (two, token_of_two) = tokens.values()
    path, form = f"/post/{post.id}", {"body": "hello"}
    assert one.post(path, data={**form, "csrf_token": token_of_two}).status_code == 400
    assert one.post(path, data={**form, "csrf_token": token_of_one}).status_code == 302
    assert two.post(path, data={**form, "csrf_token": token_of_two}).status_code == 302


def test_a_reader_with_more_power_sees_another_page(browser_of, ann, administrator, bob):
    assert "Edit Profile [Admin]" not in browser_of(ann).get("/user/bob").text
    assert "Edit Profile [Admin]" in browser_of(administrator).get("/user/bob").text
    assert "bob@example.com" not in browser_of(ann).get("/user/bob").text


def test_a_theme_of_one_s_own_makes_a_page_of_one_s_own(browser_of, ann):
    light, dark = browser_of(ann), browser_of(ann)
    dark.set_cookie("theme", "dark")
    assert 'data-theme="dark"' not in light.get("/").text
    assert 'data-theme="dark"' in dark.get("/").text
    assert 'data-theme="dark"' not in light.get("/").text


def test_a_message_is_shown_once_and_to_nobody_else(browser_of, ann, bob):
    anns, bobs = browser_of(ann), browser_of(bob)
    anns.get("/")
    anns.post("/follow/bob")
    assert "You are now following bob." in anns.get("/").text
    assert "You are now following bob." not in anns.get("/").text
    assert "You are now following bob." not in bobs.get("/").text


def test_a_name_is_shown_as_text(browser_of, make_user):
    user = make_user("cleo", name="<b>Cleo</b>")
    user.username = None
    assert isinstance(user, User)
    page = browser_of(user).get("/")
    assert "<b>Cleo" not in page.text
    assert Page.of(page).heading == "Hello, <b>Cleo</b>!"


def test_what_will_not_be_shown_again_is_not_kept(app, rendered):
    with app.test_request_context("/"):
        for _ in range(2):
            render_page("_flashes.html", None)
    assert rendered == 2 * ["_flashes.html"]


def test_a_template_without_a_frame_gets_the_part_itself(app):
    with app.test_request_context("/"):
        assert "site-header" in part("navbar")

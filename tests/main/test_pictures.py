"""A picture of one's own: sent with the profile, shown everywhere, taken away again."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.extensions import db
from app.jobs.handlers import HANDLERS
from app.jobs.pictures import sweep
from app.models import Job, User
from app.web.pictures import file_name

pytestmark = pytest.mark.usefixtures("storage")


def picture(kind="PNG", size=(30, 20), colour=(200, 30, 30)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind)
    return file.getvalue()


def send(browser, content=None, name="me.png", **fields):
    form = {"name": "Ann", "location": "", "about_me": "About Ann", **fields}
    if content is not None:
        form["upload"] = FileStorage(BytesIO(content), name)
    return post(browser, "/edit-profile", form)


def post(browser, path, form):
    """Send a form with files; from memory, since the client would leave a file open."""
    boundary, body = encode_multipart(form)
    return browser.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def names_in(storage) -> set[str]:
    return {stored.name for stored in storage.list()}


def picture_of(user: User) -> str | None:
    return db.session.scalar(select(User.picture).where(User.id == user.id))


def test_a_picture_is_shown_wherever_the_person_is(browser_of, client, ann, make_post):
    make_post(author=ann)
    assert send(browser_of(ann), picture()).status_code == 302
    for page in ("/", "/user/ann"):
        text = client.get(page).text
        address = re.search(r'src="(/picture/[0-9a-f]{32}-\d+\.webp)"', text)[1]
        assert client.get(address).status_code == 200
        assert "/avatar/ann.svg" not in text


def test_a_profile_without_a_file_keeps_the_picture(browser_of, ann):
    browser = browser_of(ann)
    send(browser, picture())
    before = picture_of(ann)
    assert before
    assert send(browser, name="Ann B.").status_code == 302
    assert picture_of(ann) == before


def test_a_picture_is_sent_as_what_it_is(browser_of, client, ann):
    send(browser_of(ann), picture("GIF"), name="evil.html")
    response = client.get(f"/picture/{picture_of(ann)}-256.webp")
    assert response.mimetype == "image/webp"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == "inline; filename=picture.webp"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers
    with Image.open(BytesIO(response.data)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
    again = client.get(response.request.path, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["0" * 32 + "-256.webp", "0" * 32 + "-100.webp", "../" * 10 + "ab-256.webp", "Z" * 32]
)
def test_what_is_no_picture_is_not_found(client, path):
    assert client.get(f"/picture/{path}").status_code == 404


def test_a_new_picture_takes_the_place_of_the_last(browser_of, ann, storage):
    browser = browser_of(ann)
    send(browser, picture())
    first = picture_of(ann)
    send(browser, picture(colour=(0, 0, 0)))
    second = picture_of(ann)
    assert second != first
    assert names_in(storage) == {file_name(second, 256), file_name(second, 512)}


def test_the_old_files_stay_while_the_new_picture_is_not_certain(browser_of, ann, storage):
    send(browser_of(ann), picture())
    user = db.session.get(User, ann.id)
    before = user.picture
    user.take_picture(None)
    db.session.flush()
    db.session.rollback()
    assert picture_of(ann) == before
    assert file_name(before, 256) in names_in(storage)


def test_a_picture_can_be_removed(browser_of, ann, storage):
    browser = browser_of(ann)
    assert "Remove picture" not in browser.get("/edit-profile").text
    send(browser, picture())
    assert "Remove picture" in browser.get("/edit-profile").text
    send(browser, remove_picture="Remove picture")
    assert picture_of(ann) is None
    assert names_in(storage) == set()
    assert "/avatar/ann.svg" in browser.get("/user/ann").text


def test_the_promise_to_remove_files_may_be_kept_twice(app, browser_of, ann, storage):
    browser = browser_of(ann)
    send(browser, picture())
    send(browser, remove_picture="Remove picture")
    job = db.session.scalar(select(Job).where(Job.name == "pictures.remove"))
    job.done_at = None
    payload = dict(job.payload)
    db.session.commit()
    HANDLERS["pictures.remove"](**payload)
    assert names_in(storage) == set()


def test_a_picture_that_is_shown_is_never_removed(browser_of, ann, storage):
    send(browser_of(ann), picture())
    HANDLERS["pictures.remove"](picture=picture_of(ann))
    assert len(names_in(storage)) == 2


def test_an_account_that_is_closed_takes_its_picture_along(browser_of, ann, administrator, storage):
    browser, number = browser_of(ann), ann.id
    send(browser, picture())
    assert names_in(storage)
    response = browser.post("/auth/delete-account", data={"password": "cat"})
    assert response.status_code == 302
    assert db.session.get(User, number) is None
    assert names_in(storage) == set()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "PNG, JPEG, WebP and GIF will do"),
        (b"", "PNG, JPEG, WebP and GIF will do"),
        (b"\x89PNG" + bytes(5 * 1024 * 1024), "larger than 5 MB"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(browser_of, ann, storage, content, words):
    response = send(browser_of(ann), content, about_me="Typed with care")
    assert response.status_code == 200
    assert words in response.text
    assert "Typed with care" in response.text
    assert picture_of(ann) is None
    assert names_in(storage) == set()


def test_only_the_form_with_the_picture_takes_more_than_a_megabyte(browser_of, ann):
    browser = browser_of(ann)
    big = bytes(2 * 1024 * 1024)
    assert send(browser, big).status_code == 200  # refused with a sentence
    assert send(browser, bytes(7 * 1024 * 1024)).status_code == 413
    data = {"body": "x", "file": FileStorage(BytesIO(big), "x.png")}
    assert post(browser, "/", data).status_code == 413


def test_a_text_in_the_place_of_the_file_is_no_picture(browser_of, ann):
    assert send(browser_of(ann), upload="not a file").status_code == 302
    assert picture_of(ann) is None


def test_a_file_in_the_place_of_a_text_is_no_text(browser_of, ann):
    form = {"name": FileStorage(BytesIO(picture()), "x.png"), "location": "", "about_me": ""}
    post(browser_of(ann), "/edit-profile", form)
    assert not db.session.get(User, ann.id).name


def test_pictures_are_counted_by_the_day_and_refused_ones_too(app, browser_of, ann):
    app.config.update(RATELIMIT_ENABLED=True, FLASKY_LIMIT_PICTURE="2 per day")
    browser = browser_of(ann)
    send(browser, b"no picture")
    assert send(browser, picture()).status_code == 302
    response = send(browser, picture(), about_me="Typed with care")
    assert "many pictures today" in response.text
    assert "Typed with care" in response.text
    assert send(browser, about_me="Without a picture").status_code == 302


def test_a_stranger_uploads_nothing(client, storage):
    assert send(client, picture()).status_code in (302, 401)
    assert names_in(storage) == set()


def test_where_gravatar_is_asked_nothing_is_uploaded(app, browser_of, ann):
    app.config["FLASKY_AVATARS"] = "gravatar"
    page = browser_of(ann).get("/edit-profile").text
    assert 'name="upload"' not in page


def test_files_that_nobody_took_are_swept_up_after_a_day(browser_of, ann, storage, monkeypatch):
    send(browser_of(ann), picture())
    kept = names_in(storage)
    storage.save(file_name("a" * 32, 256), b"left over")
    storage.save("somethingelse/x.webp", b"not ours")
    sweep()
    assert names_in(storage) == kept | {file_name("a" * 32, 256), "somethingelse/x.webp"}
    monkeypatch.setattr("app.jobs.pictures._UNTAKEN", timedelta(days=-1))
    sweep()
    assert names_in(storage) == kept | {"somethingelse/x.webp"}

"""A picture of oneself, sent by a program."""

from io import BytesIO

import pytest
from PIL import Image

PNG = {"Content-Type": "image/png"}


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 30)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def anns(program_of, ann, storage):
    return program_of(ann)


def test_a_picture_is_uploaded_and_removed(anns, ann, bob, program_of, client, storage):
    assert anns.get("/me").json["picture_url"] is None
    done = anns.put("/me/picture", data=picture(), headers=PNG)
    assert done.status_code == 200
    address = done.json["picture_url"]
    assert client.get(address).mimetype == "image/webp"
    assert program_of(bob).get(f"/users/{ann.id}/profile").json["picture_url"] == address
    assert anns.delete("/me/picture").status_code == 204
    assert anns.delete("/me/picture").status_code == 204
    assert anns.get("/me").json["picture_url"] is None
    assert list(storage.list()) == []


def test_what_is_no_picture_is_refused(anns, storage):
    refused = anns.put("/me/picture", data=b"<svg/>", headers=PNG)
    assert refused.status_code == 400
    assert "PNG, JPEG, WebP and GIF will do" in refused.json["message"]
    assert anns.put("/me/picture", headers=PNG).status_code == 400
    svg = {"Content-Type": "image/svg+xml"}
    assert anns.put("/me/picture", data=picture(), headers=svg).status_code == 415
    assert anns.put("/me/picture", json={"picture": "x"}).status_code == 415
    assert list(storage.list()) == []


def test_a_picture_may_have_5_mb_and_nothing_else_more_than_one(anns):
    assert anns.put("/me/picture", data=bytes(2**21), headers=PNG).status_code == 400
    assert anns.put("/me/picture", data=bytes(7 * 2**20), headers=PNG).status_code == 413
    assert anns.put("/me", data=bytes(2**21), headers=PNG).status_code == 413


def test_a_token_that_only_reads_changes_no_picture(anns, ann, program_of):
    made = anns.post("/me/tokens/", json={"name": "reader", "scopes": ["read"]})
    reader = program_of(token=made.json["token"])
    assert reader.put("/me/picture", data=picture(), headers=PNG).status_code == 403
    assert reader.delete("/me/picture").status_code == 403


def test_strangers_are_asked_who_they_are(stranger):
    assert stranger.put("/me/picture", data=picture(), headers=PNG).status_code == 401
    assert stranger.delete("/me/picture").status_code == 401


def test_somebody_who_saw_an_older_profile_changes_nothing(anns, ann):
    seen = anns.get("/me").headers["ETag"]
    anns.put("/me", json={"name": "Ann"})
    stale = {**PNG, "If-Match": seen}
    assert anns.put("/me/picture", data=picture(), headers=stale).status_code == 412
    assert anns.delete("/me/picture", headers={"If-Match": seen}).status_code == 412


def test_pictures_are_counted_together_with_the_site(app, anns):
    app.config.update(RATELIMIT_ENABLED=True, FLASKY_LIMIT_PICTURE="1 per day")
    assert anns.put("/me/picture", data=b"x", headers=PNG).status_code == 400
    refused = anns.put("/me/picture", data=picture(), headers=PNG)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 3600

"""The OpenAPI document and the page that is made of it."""

import re

from app.api import schemas
from app.models import Comment, Post


def test_the_description_names_every_route(app, stranger):
    answer = stranger.get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json["openapi"].startswith("3.1")
    described = {
        (path, method.upper())
        for path, operations in answer.json["paths"].items()
        for method, operation in operations.items()
        if "responses" in operation
    }
    routes = {
        (re.sub(r"<(?:[^:>]+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_every_operation_has_a_name_a_sentence_and_its_security(app, stranger):
    for path, operations in stranger.get("/openapi.json").json["paths"].items():
        for method, operation in operations.items():
            if "responses" not in operation:
                continue
            needed = app.view_functions[f"api.{operation['operationId']}"].needs
            assert operation["summary"].endswith("."), (path, method)
            schemes = [next(iter(scheme)) for scheme in operation["security"]]
            assert bool(schemes) == (needed.scope is not None)
            assert ("bearer" in schemes) == (needed.scope is not None and not needed.password)


def test_what_the_models_say_is_what_the_schemas_describe(ann, make_comment):
    comment = make_comment(author=ann)
    for schema, model in (
        (schemas.UserSchema(), ann),
        (schemas.PostSchema(), comment.post),
        (schemas.CommentSchema(), comment),
    ):
        assert schema.dump(model.to_json()) == model.to_json()
        assert schema.validate(model.to_json()) == {}
        assert set(schema.fields) == set(model.to_json())


def test_what_the_models_take_is_what_the_schemas_take(app):
    for schema, model in ((schemas.NewPost(), Post), (schemas.NewComment(), Comment)):
        assert model.from_json(schema.load({"body": "x", "other": 1})).body == "x"


def test_the_page_shows_every_operation_without_foreign_help(stranger):
    answer = stranger.get("/docs")
    assert answer.status_code == 200
    assert answer.mimetype == "text/html"
    for operations in stranger.get("/openapi.json").json["paths"].values():
        for operation in operations.values():
            if "operationId" in operation:
                assert f'id="{operation["operationId"]}"' in answer.text
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert "style=" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

"""The description of the API, made from the routes and their schemas: for programs and people."""

from flask import Flask, Response, current_app, jsonify, render_template, url_for
from flask_smorest import Api

from .blueprint import api
from .operations import needs
from .retries import HEADER, LONGEST, PATTERN
from .schemas import ErrorSchema

_DESCRIPTION = (
    "Everything that a person can do on the site, under the same rules. "
    "Sign in with HTTP Basic (email address and password, or a token as the user name and an "
    "empty password), or send a token as `Authorization: Bearer`."
)
_TEXT = {"type": "string"}
_KEY = {"type": "string", "pattern": PATTERN, "minLength": 1, "maxLength": LONGEST}
_ETAG = {"description": "Tag of this version", "schema": _TEXT}
_PARAMETERS = {
    "IdempotencyKey": (HEADER, "Send again with the same key and body: it happens once"),
    "IfMatch": ("If-Match", "The ETag that you read; 412 if it has changed since"),
    "IfNoneMatch": ("If-None-Match", "The ETag that you have; 304 if it is still the same"),
}
_PARAMETER_OF = {"get": "IfNoneMatch", "put": "IfMatch", "delete": "IfMatch"}


class Description(Api):
    """flask-smorest's, with our errors, and without routes of its own."""

    ERROR_SCHEMA = ErrorSchema

    def _register_error_handlers(self) -> None:
        """Leave errors to app/startup/errors.py."""


def document() -> dict:
    """Return the OpenAPI document; it is made when somebody asks for it first.

    Most processes serve for days without anybody asking, and it takes some room in memory.
    """
    if "api_document" not in current_app.extensions:
        app = current_app._get_current_object()
        current_app.extensions["api_document"] = _finished(_describe(app))
    return current_app.extensions["api_document"]


def _describe(app: Flask) -> dict:
    options = {
        "title": "Flasky",
        "version": "v1",
        "openapi_version": "3.1.0",
        "info": {"description": _DESCRIPTION},
    }
    description = Description(app, spec_kwargs=options)
    spec = description.spec
    spec.components.security_scheme("basic", {"type": "http", "scheme": "basic"})
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for name, (header, text) in _PARAMETERS.items():
        shape = _KEY if header == HEADER else _TEXT
        parameter = {"name": header, "schema": shape, "required": False, "description": text}
        spec.components.parameter(name, "header", parameter)
    api.register_views_in_doc(description, app, spec, name=api.name, parameters=None)
    return spec.to_dict()


def _finished(document: dict) -> dict:
    """Add what all operations have in common."""
    for path in document["paths"].values():
        for method, operation in path.items():
            if method in ("get", "post", "put", "delete"):
                _finish(method, operation)
    document["tags"] = [{"name": name} for name in sorted(_tags(document))]
    return document


def _finish(method: str, operation: dict) -> None:
    name = "IdempotencyKey" if method == "post" else _PARAMETER_OF[method]
    parameters = operation.setdefault("parameters", [])
    parameters.append({"$ref": f"#/components/parameters/{name}"})
    responses = operation["responses"]
    for status, response in responses.items():
        if status == "200" and method in ("get", "put"):
            response.setdefault("headers", {})["ETag"] = _ETAG
    if method == "get":
        responses["304"] = {"description": "Not modified"}
    if "204" in responses:
        responses["204"] = {"description": "Done"}


def _tags(document: dict) -> set[str]:
    return {
        tag
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for tag in operation.get("tags", ())
    }


@api.get("/openapi.json")
@needs(None)
@api.response(200, {"type": "object"}, description="An OpenAPI 3.1 document")
def get_description() -> Response:
    """Read this description."""
    return jsonify(document())


@api.get("/docs")
@needs(None)
@api.response(200, content_type="text/html", schema={"type": "string"})
def get_documentation() -> Response:
    """Read this description as a page."""
    page = render_template(
        "api/docs.html",
        document=document(),
        address=url_for("api.get_description"),
    )
    return Response(page)

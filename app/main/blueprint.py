"""The main blueprint. It has no gate: every page says itself who may come."""

from flask import Blueprint

main = Blueprint("main", __name__)

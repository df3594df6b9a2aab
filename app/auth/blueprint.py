"""The auth blueprint. It has no gate: whoever cannot get in anywhere else must get in here."""

from flask import Blueprint

auth = Blueprint("auth", __name__, url_prefix="/auth")

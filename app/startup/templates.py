"""What every template may use."""

from flask import Flask, has_request_context

from ..models import Permission
from ..policies.comments import can_comment, can_delete_comment, can_moderate
from ..policies.people import can_administer, can_follow
from ..policies.posts import can_delete_post, can_edit_post, can_write
from ..web.assets import static_url, stylesheet_url
from ..web.avatars import avatar_url, display_name
from ..web.cookies import chosen_theme
from ..web.dates import LocalMoment
from ..web.fragments import keep
from ..web.frames import part

_POLICIES = (
    can_administer,
    can_comment,
    can_delete_comment,
    can_delete_post,
    can_edit_post,
    can_follow,
    can_moderate,
    can_write,
)


def init_app(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        {policy.__name__: policy for policy in _POLICIES},
        Permission=Permission,
        avatar_url=avatar_url,
        display_name=display_name,
        keep=keep,
        moment=LocalMoment,
        part=part,
        static_url=static_url,
        mail_goes_to_log=app.config["FLASKY_MAIL_TO_LOG"],
    )
    app.context_processor(_about_this_request)


def _about_this_request() -> dict:
    if not has_request_context():  # a mail, written by the worker
        return {}
    return {"stylesheet_url": stylesheet_url(), "theme": chosen_theme()}

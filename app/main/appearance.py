"""What the site looks like: colours, the style sheet, generated pictures."""

from flask import Response, current_app, make_response, redirect, render_template, request, url_for

from ..lib.avatars import identicon
from ..web.assets import stylesheet_text
from .blueprint import main
from .forms import AppearanceForm

_YEAR = 365 * 24 * 60 * 60


@main.route("/appearance", methods=["GET", "POST"])
def appearance():
    """Choose between light and dark, for readers without script; others have a button."""
    form = AppearanceForm(theme=request.cookies.get("theme") or "system")
    if not form.validate_on_submit():
        return render_template("appearance.html", form=form)
    response = make_response(redirect(url_for("main.appearance")))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    if form.theme.data == "system":
        response.delete_cookie("theme", secure=secure, samesite="Lax")
    else:
        response.set_cookie("theme", form.theme.data, max_age=_YEAR, secure=secure, samesite="Lax")
    return response


@main.get("/site.css")
def stylesheet():
    response = Response(stylesheet_text(), mimetype="text/css")
    return _cacheable(response)


@main.get("/avatar/<string(maxlength=64):name>.svg")
def avatar(name):
    response = Response(identicon(name), mimetype="image/svg+xml")
    return _cacheable(response)


def _cacheable(response: Response) -> Response:
    """Let everybody keep the answer: it depends on its address alone."""
    response.cache_control.public = True
    response.cache_control.max_age = _YEAR
    response.add_etag()
    return response.make_conditional(request)

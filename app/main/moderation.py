"""The page of the moderators."""

from flask import redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required, permission_required
from ..extensions import db
from ..models import Permission
from ..queries.comments import latest_comments
from ..web.loaders import load_comment
from ..web.pages import newest_first, requested_page
from .blueprint import main


@main.get("/moderate")
@login_required
@permission_required(Permission.MODERATE)
def moderate():
    page = newest_first(latest_comments(current_user), "COMMENTS")
    return render_template("moderate.html", comments=page.items, pagination=page)


@main.post("/moderate/enable/<int:id>")
@login_required
@permission_required(Permission.MODERATE)
def moderate_enable(id):
    load_comment(id).enable()
    db.session.commit()
    return redirect(url_for("main.moderate", page=requested_page()))


@main.post("/moderate/disable/<int:id>")
@login_required
@permission_required(Permission.MODERATE)
def moderate_disable(id):
    load_comment(id).disable()
    db.session.commit()
    return redirect(url_for("main.moderate", page=requested_page()))

"""Deleting comments; they are written on the page of their post."""

from flask import flash, redirect, render_template, request, url_for

from ..decorators import login_required
from ..extensions import db
from ..policies.comments import can_delete_comment
from ..web.loaders import load_comment
from .blueprint import main
from .forms import DeleteForm


@main.route("/comment/<int:id>/delete", methods=["GET", "POST"])
@login_required
def delete_comment(id):
    comment = load_comment(id, check=can_delete_comment, lock=request.method == "POST")
    form = DeleteForm()
    if form.validate_on_submit():
        post_id = comment.post_id
        db.session.delete(comment)
        db.session.commit()
        flash("The comment has been deleted.", "success")
        if post_id is None:  # made in code
            return redirect(url_for("main.moderate"))
        return redirect(url_for("main.post", id=post_id, _anchor="comments"))
    return render_template("confirm_delete.html", form=form, post=None, comment=comment)

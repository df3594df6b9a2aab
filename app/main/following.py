"""Following people, the lists of who does, and whose posts the home page shows."""

from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required, permission_required
from ..extensions import db
from ..models import Permission
from ..queries.people import followed_by as people_followed_by
from ..queries.people import followers_of, user_named
from ..web.pages import newest_first
from .blueprint import main

_MONTH = 30 * 24 * 60 * 60


@main.post("/follow/<username>")
@login_required
@permission_required(Permission.FOLLOW)
def follow(username):
    user = user_named(username)
    if user is None:
        return _no_such_user()
    if current_user.is_following(user):
        flash("You are already following this user.")
    else:
        current_user.follow(user)
        db.session.commit()
        flash(f"You are now following {username}.", "success")
    return redirect(url_for("main.user", username=username))


@main.post("/unfollow/<username>")
@login_required
@permission_required(Permission.FOLLOW)
def unfollow(username):
    user = user_named(username)
    if user is None:
        return _no_such_user()
    if user == current_user or not current_user.is_following(user):
        flash("You are not following this user.")
    else:
        current_user.unfollow(user)
        db.session.commit()
        flash(f"You are not following {username} anymore.", "success")
    return redirect(url_for("main.user", username=username))


@main.get("/followers/<username>")
def followers(username):
    user = user_named(username)
    if user is None:
        return _no_such_user()
    page = newest_first(followers_of(user), "FOLLOWERS")
    return _list("Followers of", "main.followers", user, page, "follower")


@main.get("/followed_by/<username>")
def followed_by(username):
    user = user_named(username)
    if user is None:
        return _no_such_user()
    page = newest_first(people_followed_by(user), "FOLLOWERS")
    return _list("Followed by", "main.followed_by", user, page, "followed")


def _list(title: str, endpoint: str, user, page, other_end: str):
    follows = [{"user": getattr(row, other_end), "timestamp": row.timestamp} for row in page.items]
    return render_template(
        "followers.html",
        user=user,
        title=title,
        endpoint=endpoint,
        pagination=page,
        follows=follows,
    )


def _no_such_user():
    flash("Invalid user.", "error")
    return redirect(url_for("main.index"))


@main.post("/all")
@login_required
def show_all():
    return _show_followed("")


@main.post("/followed")
@login_required
def show_followed():
    return _show_followed("1")


def _show_followed(value: str):
    response = make_response(redirect(url_for("main.index")))
    response.set_cookie(
        "show_followed",
        value,
        max_age=_MONTH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response

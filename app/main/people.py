"""Profiles, and editing them."""

from functools import partial

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from ..decorators import admin_required, login_required, takes_up_to
from ..extensions import db
from ..models import AnonymousUser, User
from ..policies.people import can_administer, can_follow
from ..policies.posts import can_write
from ..queries.people import relation
from ..queries.posts import outlines, posts_by
from ..web.fragments import post_cards
from ..web.frames import render_page
from ..web.kept_pages import kept, kept_cards
from ..web.loaders import load_profile
from ..web.pages import newest_first
from ..web.pictures import MOST_BYTES_SENT, store_picture
from ..web.streams import empty_page, pager_part, posts_part
from .blueprint import main
from .forms import EditProfileAdminForm, EditProfileForm


@main.get("/user/<username>")
def user(username):
    reader = current_user._get_current_object()
    user = kept(partial(load_profile, username), "profile", username)
    page = newest_first(posts_by(user), "POSTS", shape=outlines, may_be_kept=True)
    cards = kept_cards(post_cards, page)
    is_following, follows_viewer = relations = _relation(reader, user)
    return render_page(
        "user.html",
        (*user, *_standing(reader, user), *relations, empty_page(page, cards)),
        {**posts_part(cards), **pager_part(page, "main.user", username=user.username)},
        user=user,
        posts=cards,
        pagination=page,
        is_following=is_following,
        follows_viewer=follows_viewer,
    )


def _relation(reader: User | AnonymousUser, user: Row) -> tuple[bool, bool]:
    if not reader.is_authenticated or reader.id == user.id:
        return False, False
    return kept(partial(relation, reader, user), "relation", reader.id, user.id)


def _standing(reader: User | AnonymousUser, user: Row) -> tuple[bool, ...]:
    """Return what the profile of `user` depends on of its reader."""
    is_self = reader.is_authenticated and reader.id == user.id
    return is_self, can_follow(reader), can_write(reader), can_administer(reader)


@main.route("/edit-profile", methods=["GET", "POST"])
@login_required
@takes_up_to(MOST_BYTES_SENT)
def edit_profile():
    form = EditProfileForm(obj=current_user)
    if form.validate_on_submit():
        current_user.name = form.name.data
        current_user.location = form.location.data
        current_user.about_me = form.about_me.data
        if form.remove_picture.data or form.squares:
            current_user.take_picture(form.squares and store_picture(form.squares))
        db.session.commit()
        flash("Your profile has been updated.", "success")
        return redirect(_profile(current_user))
    return render_template("edit_profile.html", form=form, user=current_user, as_admin=False)


@main.route("/edit-profile/<int:id>", methods=["GET", "POST"])
@login_required
@admin_required
def edit_profile_admin(id):
    user = db.get_or_404(User, id)
    form = EditProfileAdminForm(user, obj=user)
    if form.validate_on_submit() and _update(user, form):
        flash("The profile has been updated.", "success")
        return redirect(_profile(user))
    return render_template("edit_profile.html", form=form, user=user, as_admin=True)


def _update(user: User, form: EditProfileAdminForm) -> bool:
    """Store the form; if a name or address went to somebody else just now, say so in it."""
    try:
        user.edit_by_admin(
            email=form.email.data,
            username=form.username.data,
            confirmed=form.confirmed.data,
            role=form.roles[form.role.data],
            name=form.name.data,
            location=form.location.data,
            about_me=form.about_me.data,
        )
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        form.validate()  # now it finds what was taken, and says so at the right field
        return False
    return True


def _profile(user: User) -> str:
    """Return the address of the profile; accounts made in code may have no name to show it by."""
    if user.username:
        return url_for("main.user", username=user.username)
    return url_for("main.index")

"""The home page, and posts from writing to deleting."""

from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup, escape
from sqlalchemy import Row
from sqlalchemy.orm.exc import StaleDataError

from ..decorators import login_required, writes_by_statements
from ..extensions import db
from ..models import AnonymousUser, Comment, Post, User
from ..models.publishing import publish_once
from ..policies.comments import can_comment
from ..policies.posts import can_delete_post, can_edit_post, can_write
from ..queries.comments import comments_under
from ..queries.comments import outlines as comment_outlines
from ..queries.paging import last_page
from ..queries.posts import followed_posts, latest_posts, outlines
from ..web.avatars import display_name
from ..web.editor import preview_of
from ..web.forms import BlankForm, Form, sent_or_blank
from ..web.fragments import comment_cards, post_cards
from ..web.frames import render_page
from ..web.kept_pages import kept, kept_cards, kept_page
from ..web.loaders import load_outline, load_post
from ..web.pages import newest_first, per_page, requested_page, wants_last_page
from ..web.streams import comments_part, empty_page, pager_part, posts_part
from ..web.throttle import throttle
from .blueprint import main
from .forms import CommentForm, DeleteForm, PostForm


@main.route("/", methods=["GET", "POST"])
@writes_by_statements
def index():
    reader = current_user._get_current_object()
    form = sent_or_blank(PostForm) if can_write(reader) else None
    if request.method == "POST":
        if form is None:
            abort(403)
        if not _wants_preview() and form.validate():
            return _publish(reader, form)
    return _show_home(reader, form)


def _show_home(reader: User | AnonymousUser, form: PostForm | BlankForm | None):
    show_followed = reader.is_authenticated and bool(request.cookies.get("show_followed"))
    rows = followed_posts(reader) if show_followed else latest_posts(reader)
    page = newest_first(rows, "POSTS", shape=outlines, may_be_kept=True)
    cards = kept_cards(post_cards, page)
    return render_page(
        "index.html",
        _alike(form, reader.is_authenticated, show_followed, empty_page(page, cards)),
        {**posts_part(cards), **pager_part(page, "main.index")},
        form=form,
        preview=_preview(form),
        posts=cards,
        pagination=page,
        show_followed=show_followed,
    )


def _alike(form: Form | BlankForm | None, *shown) -> tuple | None:
    """Return what a page with `form` has in common with others that show the same otherwise."""
    return (form is None, *shown) if form is None or form.is_blank else None


def _publish(author: User, form: PostForm):
    throttle("WRITE", author.id)
    publish_once(Post, author=author, body=form.body.data, submission=form.submission.data)
    db.session.commit()
    return redirect(url_for("main.index"))


@main.route("/post/<int:id>", methods=["GET", "POST"])
@writes_by_statements
def post(id):
    reader = current_user._get_current_object()
    form = sent_or_blank(CommentForm) if can_comment(reader) else None
    if request.method == "POST" and form is not None and form.validate():
        return _comment(reader, id, form)
    post = kept(partial(load_outline, id), "outline", id)
    if request.method == "POST" and form is None:
        return _refuse_comment()
    return _show_post(reader, post, form)


def _comment(author: User, post_id: int, form: CommentForm):
    throttle("WRITE", author.id)
    _publish_comment(author, post_id, form)
    db.session.commit()
    flash("Your comment has been published.", "success")
    return redirect(url_for("main.post", id=post_id, page=-1))


def _publish_comment(author: User, post_id: int, form: CommentForm) -> None:
    try:
        publish_once(
            Comment,
            author=author,
            post_id=post_id,
            body=form.body.data,
            submission=form.submission.data,
        )
    except StaleDataError:
        db.session.rollback()
        load_outline(post_id)  # not found, if it was the post
        raise


@login_required
def _refuse_comment():
    abort(403)


def _show_post(reader: User | AnonymousUser, post: Row, form: CommentForm | BlankForm | None):
    size = per_page("COMMENTS")
    number = last_page(post.comment_count, size) if wants_last_page() else requested_page()
    page = kept_page(comments_under(post), number, size, shape=comment_outlines)
    cards = kept_cards(comment_cards, page)
    return render_page(
        "post.html",
        _alike(form, reader.is_authenticated, empty_page(page, cards, post.id)),
        {
            "author": lambda: escape(display_name(post) if post.author_id else "Someone"),
            "log_in": lambda: escape(url_for("auth.login", next=url_for("main.post", id=post.id))),
            **posts_part(post_cards([post], lone=True)),
            **comments_part(cards),
            **pager_part(page, "main.post", fragment="#comments", id=post.id),
        },
        post=post,
        form=form,
        comments=cards,
        pagination=page,
    )


@main.route("/edit/<int:id>", methods=["GET", "POST"])
@login_required
def edit(id):
    post = load_post(id, check=can_edit_post)
    form = PostForm(obj=post)
    if not _wants_preview() and form.validate_on_submit():
        throttle("WRITE", current_user.id)
        post.body = form.body.data
        db.session.commit()
        flash("The post has been updated.", "success")
        return redirect(url_for("main.post", id=post.id))
    return render_template("edit_post.html", form=form, post=post, preview=_preview(form))


@main.route("/post/<int:id>/delete", methods=["GET", "POST"])
@login_required
def delete_post(id):
    post = load_post(id, check=can_delete_post, lock=request.method == "POST")
    form = DeleteForm()
    if form.validate_on_submit():
        db.session.delete(post)
        db.session.commit()
        flash("The post has been deleted.", "success")
        return redirect(url_for("main.index"))
    return render_template("confirm_delete.html", form=form, post=post, comment=None)


@main.post("/preview")
@login_required
def preview():
    if not can_write(current_user):
        abort(403)
    throttle("PREVIEW", current_user.id)
    db.session.commit()
    return str(preview_of(request.form.get("body")))


def _wants_preview() -> bool:
    """Tell whether the Preview button was pressed, which readers without script use."""
    return request.method == "POST" and "preview" in request.form


def _preview(form: PostForm | None) -> Markup | None:
    return preview_of(form.body.data) if form is not None and _wants_preview() else None

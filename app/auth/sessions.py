"""The devices somebody is signed in on."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from ..decorators import login_required
from ..extensions import db
from ..queries.sessions import sessions_of
from .blueprint import auth


@auth.get("/sessions", endpoint="sessions")
@login_required
def list_sessions():
    current = current_user.current_session
    sessions = sessions_of(current_user)
    for record in sessions:
        record.is_current = current is not None and record.id == current.id
    return render_template("auth/sessions.html", sessions=sessions)


@auth.post("/sessions/<int:id>/end")
@login_required
def end_session(id):
    if current_user.end_session(id):
        flash("That session has ended.", "success")
    else:
        flash("That session had ended already.")
    db.session.commit()
    return redirect(url_for("auth.sessions"))


@auth.post("/sessions/end-others")
@login_required
def end_other_sessions():
    current_user.end_sessions(keep=current_user.current_session)
    db.session.commit()
    flash("All your other sessions have ended.", "success")
    return redirect(url_for("auth.sessions"))

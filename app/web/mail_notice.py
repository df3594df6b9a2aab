"""Being truthful about mail where there is no mail server."""

from flask import current_app, flash

NOTICE = (
    "This site has no mail server yet. The mail was written to the server's log, "
    "where its operator finds the link."
)


def flash_where_mail_goes() -> None:
    """Say so if the mail that was just promised goes to the log only."""
    if current_app.config["FLASKY_MAIL_TO_LOG"]:
        flash(NOTICE, "warning")

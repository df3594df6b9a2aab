"""How Alembic runs our migrations; Flask-Migrate calls it inside an application context."""

from logging.config import fileConfig

from alembic import context
from flask import current_app

config = context.config
# The application's loggers must go on speaking after an upgrade.
fileConfig(config.config_file_name, disable_existing_loggers=False)

db = current_app.extensions["migrate"].db
options = current_app.extensions["migrate"].configure_args


# Of several machines that deploy at once one migrates; the others wait for it, and then find
# nothing to do. A migration that cannot get hold of a table within two seconds gives up: while it
# waits, everybody else who needs the table waits behind it. It may be tried again at any time.
_ALONE = {
    "postgresql": (
        "SET statement_timeout = 0",
        "SET lock_timeout = 0",
        "SELECT pg_advisory_lock(hashtext('flasky migrations'))",
        "SET lock_timeout = '2s'",
    ),
    "mysql": (
        "SET SESSION lock_wait_timeout = 2, innodb_lock_wait_timeout = 2"
        " /*M!100301 , max_statement_time = 0 */",
        "SELECT GET_LOCK(CONCAT('flasky migrations ', DATABASE()), 3600)",
    ),
}


def leave_out_empty(_context, _revision, directives) -> None:
    """Make no migration when nothing has changed."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run_offline() -> None:
    """Print the statements instead of running them (`flask db upgrade --sql`)."""
    url = db.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=db.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the migrations in one transaction, where the database can roll back tables."""
    with db.engine.connect() as connection:
        # Closed for good afterwards: the lock and the limits below are those of this connection.
        connection.detach()
        for statement in _ALONE.get(connection.dialect.name, ()):
            connection.exec_driver_sql(statement)
        connection.commit()
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            **{"process_revision_directives": leave_out_empty, **options},
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()

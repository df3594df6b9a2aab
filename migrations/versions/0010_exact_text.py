"""Let MariaDB and MySQL compare texts as the other databases do: by their characters.

Their usual collations take `Ann` for `ann`, `é` for `e` and `ann ` for `ann`: names, addresses and
digests must be told apart exactly. The database itself takes the collation, too, so that tables of
later migrations have it without being asked. Nothing changes on SQLite and PostgreSQL.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-21
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "api_tokens",
    "comments",
    "follows",
    "idempotency_keys",
    "jobs",
    "posts",
    "rate_limits",
    "roles",
    "sessions",
    "totals",
    "users",
)


def upgrade():
    dialect = op.get_context().dialect
    if dialect.name in ("mysql", "mariadb"):
        # Neither takes blanks at the end for nothing, as plain utf8mb4_bin does.
        _convert("utf8mb4_nopad_bin" if dialect.is_mariadb else "utf8mb4_0900_bin")


def downgrade():
    dialect = op.get_context().dialect
    if dialect.name in ("mysql", "mariadb"):
        _convert("utf8mb4_general_ci")


def _convert(collation):
    op.execute(f"ALTER DATABASE CHARACTER SET utf8mb4 COLLATE {collation}")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE {collation}")

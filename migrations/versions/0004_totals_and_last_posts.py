"""Keep the number of posts and comments, and when somebody wrote last.

Yesterday's code goes on without them; the job upkeep.recount makes up for what it wrote.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Timestamp = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade():
    op.create_table(
        "totals",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("shard", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "shard", name=op.f("pk_totals")),
    )
    for table in ("posts", "comments"):
        op.execute(
            "INSERT INTO totals (name, shard, value)"
            f" SELECT '{table}', 0, count(*) FROM {table}"
        )
    op.add_column("users", sa.Column("last_post_at", Timestamp, nullable=True))
    op.execute(
        "UPDATE users SET last_post_at ="
        " (SELECT max(timestamp) FROM posts WHERE posts.author_id = users.id)"
    )


def downgrade():
    op.drop_column("users", "last_post_at")
    op.drop_table("totals")

"""Landmarks in the list of all posts, by which far pages are found.

`flask deploy` and the job upkeep.landmarks set them; yesterday's code goes on without them.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Timestamp = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade():
    op.create_table(
        "landmarks",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("timestamp", Timestamp, nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_landmarks")),
    )


def downgrade():
    op.drop_table("landmarks")

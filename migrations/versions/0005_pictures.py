"""Know the pictures that people upload.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("users", sa.Column("picture", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_users_picture"), "users", ["picture"], unique=False)


def downgrade():
    op.drop_index(op.f("ix_users_picture"), table_name="users")
    op.drop_column("users", "picture")

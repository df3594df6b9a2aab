"""Let jobs be parked, and recurring work be promised once.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-21
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Timestamp = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")


def upgrade():
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("slot", sa.String(length=80), nullable=True))
        jobs.add_column(sa.Column("failing_since", Timestamp, nullable=True))
        jobs.add_column(sa.Column("parked_at", Timestamp, nullable=True))
        jobs.create_unique_constraint(op.f("uq_jobs_slot"), ["slot"])


def downgrade():
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_constraint(op.f("uq_jobs_slot"), type_="unique")
        jobs.drop_column("parked_at")
        jobs.drop_column("failing_since")
        jobs.drop_column("slot")

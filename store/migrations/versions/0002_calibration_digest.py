"""Which calibration a run and a decision rest on, beside the policy that names it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("runs", "assessments"):
        # Decisions made before there were calibrations rest on none.
        column = sa.Column("calibration_digest", sa.Text(), nullable=False, server_default="")
        op.add_column(table, column)

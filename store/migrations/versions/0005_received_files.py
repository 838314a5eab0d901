"""The tables of a batch as they were received."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of batches taken in before, the tables were not kept.
    op.create_table(
        "received_files",
        sa.Column("batch_id", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_received_files_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "delivery", "path", name=op.f("pk_received_files")),
    )

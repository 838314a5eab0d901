"""By what one paper is known again: prints of pictures, their keys, pairs, results of people."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "prints",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("is_compared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prints")),
        sa.UniqueConstraint("file_digest", "version", name=op.f("uq_prints_file_digest")),
    )
    op.create_table(
        "print_keys",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("print_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "print_id", name=op.f("pk_print_keys")),
        # The key is all that is looked up: in SQLite the table is its own index.
        sqlite_with_rowid=False,
    )
    op.create_table(
        "same_pictures",
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("other_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_digest", "other_digest", name=op.f("pk_same_pictures")),
    )
    op.create_table(
        "results",
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("certificate_type", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("score", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_results_application_id")
        ),
        sa.PrimaryKeyConstraint(
            "application_id", "certificate_type", "month", "score", name=op.f("pk_results")
        ),
    )
    op.create_index("ix_applications_identity_hash", "applications", ["identity_hash"])

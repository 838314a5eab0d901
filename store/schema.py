"""The tables, for SQLite and PostgreSQL alike.

Instants are ISO 8601 texts with their offset (nothing is lost, and both databases sort them the
same way where they are UTC); domain values are the codec's JSON. Only `applications.submission` and
`applications.courses` hold what applicants declared, `readings.outcome` what papers print.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

REVISION = "0003"  # the newest migration; `open_store` migrates where the database has another

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

policies = Table(
    "policies",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("body", Text, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),  # the codec's JSON of domain Batch
    Column("orphan_folders", Text, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("expires", Float, nullable=False),  # seconds since 1970, UTC
)

applications = Table(
    "applications",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", Text, ForeignKey("batches.id"), nullable=False),
    Column("student_number", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("is_vanished", Boolean, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("identity_hash", Text, nullable=False),
    Column("submission", Text, nullable=False),
    Column("courses", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("batch_id", "student_number", "version"),
    Index("ix_applications_identity_hash", "identity_hash"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("application_id", Integer, ForeignKey("applications.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("is_usable", Boolean, nullable=False),
    Index("ix_uploads_digest", "digest"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("application_id", Integer, ForeignKey("applications.id"), primary_key=True),
    Column("file_digest", Text, primary_key=True),
    Column("family", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Index("ix_numbers_family", "family", "number"),
)

# What papers print of an examination: one person has one score in one month.
results = Table(
    "results",
    metadata,
    Column("application_id", Integer, ForeignKey("applications.id"), primary_key=True),
    Column("certificate_type", Text, primary_key=True),
    Column("month", Text, primary_key=True),  # of the examination, YYYY-MM
    Column("score", Text, primary_key=True),  # or the grade, where none is printed
)

prints = Table(
    "prints",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("file_digest", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),  # zlib of the codec's JSON of PagePrints
    Column("is_compared", Boolean, nullable=False),  # with everything that was there before
    UniqueConstraint("file_digest", "version"),
)

print_keys = Table(
    "print_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("print_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Each pair of files that show the same picture, in both directions.
same_pictures = Table(
    "same_pictures",
    metadata,
    Column("file_digest", Text, primary_key=True),
    Column("other_digest", Text, primary_key=True),
)

readings = Table(
    "readings",
    metadata,
    Column("file_digest", Text, primary_key=True),
    Column("engine_version", Text, primary_key=True),
    Column("policy_digest", Text, primary_key=True),
    Column("outcome", LargeBinary, nullable=False),  # zlib of the codec's JSON of ReadOutcome
    Column("fault", Text, nullable=False),
    Column("machine_failed", Boolean, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("created_at", Text, nullable=False),
)

stages = Table(
    "stages",
    metadata,
    Column("application_id", Integer, ForeignKey("applications.id"), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("key", Text, nullable=False),  # the versions for which it was done
    Column("owner", Text),
    Column("expires", Float),
    Column("done_at", Text),
    Column("seconds", Float, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", Text, ForeignKey("batches.id"), nullable=False),
    Column("owner", Text, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("policy_digest", Text, ForeignKey("policies.digest"), nullable=False),
    Column("calibration_digest", Text, nullable=False, server_default=""),
    Column("engine_version", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("today", Text, nullable=False),
    Column("provisional", Boolean, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("stage_seconds", Text, nullable=False),
    Column("orphan_findings", Text, nullable=False),
    Index("ix_runs_batch_id", "batch_id"),
)

assessments = Table(
    "assessments",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("application_id", Integer, ForeignKey("applications.id"), nullable=False),
    Column("policy_digest", Text, nullable=False),
    Column("calibration_digest", Text, nullable=False, server_default=""),
    Column("engine_version", Text, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("today", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Index("ix_assessments_application_id", "application_id"),
)

events = Table(
    "events",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("instant", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("student_number", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_events_batch_id", "batch_id", "student_number"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("folder", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("content_digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("checked_at", Text, nullable=False),
)

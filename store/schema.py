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

REVISION = "0005"  # the newest migration; `open_store` migrates where the database has another

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

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),  # Argon2id with its parameters
    Column("is_disabled", Boolean, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", Text, primary_key=True),  # SHA-256: the cookie itself is kept nowhere
    Column("account", Text, ForeignKey("accounts.name"), nullable=False),
    Column("csrf_token", Text, nullable=False),
    Column("started", Float, nullable=False),  # seconds since 1970, UTC
    Column("last_used", Float, nullable=False),
)

sign_in_failures = Table(
    "sign_in_failures",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("subject", Text, nullable=False),  # "account:NAME" or "address:ADDRESS"
    Column("at", Float, nullable=False),
    Index("ix_sign_in_failures_subject", "subject", "at"),
)

# The queue: what is made of decisions and policy, for looking items up quickly.
cases = Table(
    "cases",
    metadata,
    Column("application_id", Integer, ForeignKey("applications.id"), primary_key=True),
    Column("batch_id", Text, nullable=False),
    Column("student_number", Text, nullable=False),
    Column("round", Text, nullable=False),
    Column("revision", Integer, nullable=False),  # grows with every entry about the item
    Column("assessment_id", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # the reasons, joined by ";": items alike are done alike
    Column("is_sample", Boolean, nullable=False),
    Column("is_blind", Boolean, nullable=False),
    Column("needs_two", Boolean, nullable=False),
    Column("corrected_needs_two", Boolean, nullable=False),
    Column("place", Integer, nullable=False),  # order in the queue; "later" moves to the end
    Column("leased_by", Text, nullable=False),
    Column("lease_ends", Float, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),  # of an appeal, else ""
    Index("ix_cases_batch_id", "batch_id", "round", "place"),
    Index("ix_cases_student_number", "student_number"),
    Index("ix_cases_leased_by", "leased_by", "round"),
)

queues = Table(
    "queues",
    metadata,
    Column("batch_id", Text, ForeignKey("batches.id"), primary_key=True),
    Column("made_from", Text, nullable=False),  # run and share that the queue was made from
    Column("is_widened", Boolean, nullable=False),  # a sampled accept was found wrong
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("application_id", Integer, ForeignKey("applications.id"), nullable=False),
    Column("batch_id", Text, nullable=False),
    Column("student_number", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("round", Text, nullable=False),  # in which the entry was made
    Column("round_after", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("key", Text, nullable=False),  # of the submit: a repeated one is the same entry
    Column("body", Text, nullable=False),  # the codec's JSON of domain ReviewDecision
    Column("event_sequence", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    UniqueConstraint("key"),
    Index("ix_decisions_application_id", "application_id"),
    Index("ix_decisions_batch_id", "batch_id", "student_number"),
)

seals = Table(
    "seals",
    metadata,
    Column("batch_id", Text, ForeignKey("batches.id"), primary_key=True),
    Column("account", Text, nullable=False),
    Column("event_sequence", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
)

# `batch.toml` and the tables as they were received; a new delivery where any of them changed.
received_files = Table(
    "received_files",
    metadata,
    Column("batch_id", Text, ForeignKey("batches.id"), primary_key=True),
    Column("delivery", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
)

"""Intake: a batch folder on disk becomes a frozen `BatchInput`, or is refused with every fault.

Lives here: `batch.toml`, the two tables, and what can be said of an upload from its bytes alone.
Not here: decoding a picture or a PDF (`extractors.reading`), what a rejection means for the
application and how it is worded (`validators`), and where originals are kept (`store`).
Start with `folder.read_batch_folder`; `columns` names every header, `signatures` every file type.
"""

from extractors.intake.folder import find_batch_folders, read_batch_folder, read_batch_header
from extractors.intake.uploads import read_upload

__all__ = ["find_batch_folders", "read_batch_folder", "read_batch_header", "read_upload"]

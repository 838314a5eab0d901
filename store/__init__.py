"""Every disk and database access: the store, the originals, the institutions' policies.

`open_store` opens (and where needed migrates) the database of one installation and returns a
`Store`: batches and their runs, versioned applications, readings, assessments, prior uses, the
append-only event log, and the uploaded originals under their digest. Nothing here decides or reads
a document. Start with `store.opening`, then `store.schema`.
"""

from store.opening import Store, open_store

__all__ = ["Store", "open_store"]

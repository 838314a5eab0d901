"""Archive packages on disk: BagIt bags (RFC 8493) of sealed batches, and their check.

`gathering` takes a record out of the store, `packing` writes bags of them, `zipping` puts one into
a zip. `checking.check_package` opens a folder or zip that nobody vouches for and lists every fault.
What stands where is in `layout`, what a record is described by in `describing`; `index` and
`envelope` write and read the metadata. Start with `packing.pack_batch`.
"""

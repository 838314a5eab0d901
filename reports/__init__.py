"""What staff and applicants get to read: the outcome folder of a batch.

Everything here is a pure function from a `BatchOutcome` to bytes, except `folder`, which puts the
bytes on the disk. Dates inside come from the data, never from a clock. Start with
`outcome.write_outcome`; `tables` holds the CSV files of the contract, `sections` the content that
report.xlsx and report.html share, `summary` the counts behind both.
"""

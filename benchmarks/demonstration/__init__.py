"""What `make demo` needs beside the command: verdicts of a person who knows the truth.

`verdicts` fills the review.xlsx of a sample batch from its truth.jsonl; the filled ones are
committed in sample_inputs/. Nothing here decides: `hedui decide` takes the workbook as any other.
"""

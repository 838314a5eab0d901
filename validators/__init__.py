"""The cross-check: what a paper shows against what was declared, and the machine's decision.

Everything here is pure: frozen domain types in, an `Assessment` out; no disk, no clock, no engine.
Start with `assessing.assess`. `comparing` makes the rows of fields.csv, the modules in `rules/`
observe, `selecting` picks the paper that counts, and only `deciding` turns findings into accept,
review, return or withdrawn. Reading documents and writing reports happen elsewhere.
"""

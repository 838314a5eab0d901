"""The corridor: thin Prefect flows over plain stages, and the command line.

`cli` is the command `hedui`. `stages` holds the stages as plain functions, `processing` the Prefect
flow that calls them, `running` one whole run with its lease, `serving` the scheduled runs. Only
this package knows Prefect, and it is imported only when a flow runs. Rules, reading and storage
live elsewhere.
"""

"""Accuracy and speed on labelled batch folders, beside the plain alternatives: `hedui bench`.

Here lives what reads the truth, runs the machine's part in memory, compares, times and draws the
page. Nothing here touches Prefect or the store, and nothing that was declared reaches a reader.
Start at `measuring.measure`; `results` names every figure, docs/bench.md says what each means.
"""

"""Fictitious certificates with ground truth: clean papers, what is printed where, what is declared.

Here live the people, fonts, drawing and layouts of the sample papers (start at `paper.py`, then
`papers/`), and what is done to them afterwards: conditions, declarations, folders. Nothing here
knows the reader, and the reader knows nothing of this package: that keeps measurements honest.
Every paper is marked SPECIMEN and every ID number starts with 99, which no region uses.
"""

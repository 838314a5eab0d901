"""The reviewers' web pages: what the machine could not settle, one question at a time.

Lives here: the pages, signing in, and what is done with a verdict before the store takes it. Not
here: who may decide and what follows from a verdict (`domain.review`), and the record itself
(`store.decisions`). Only this package knows the web framework. Start with `looking` (an item as one
account may see it), then `acting` (what a verdict must satisfy), then `app`.
"""

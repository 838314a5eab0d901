"""From files to facts: intake of a batch folder, reading, classification, extraction.

Lives here: what turns bytes into frozen values with evidence. Not here: comparing with what was
declared (`validators`), storing (`store`). Start with `intake` for folders and tables, `reading`
for pixels, `certificates` for what each kind of paper prints and `extract` for how it is found.
"""

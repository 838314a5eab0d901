"""学位申请表: filled for every eligible applicant, or blank for download.

A layout file (institutions/forms/*.toml) says what stands where; `layout` parses it, `content`
takes the values from an outcome, `fonts` and `fitting` find glyphs and sizes, `grid` places cells,
`drawing` draws, `archival` makes the result a PDF/A-2b, `template` fills a school's own PDF. Start
with `render`. Pictures come in as clean JPEG bytes; nothing here opens an upload.
"""

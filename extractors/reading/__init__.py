"""Reading: from the bytes of one untrusted file to lines of text with boxes and confidence.

Lives here: everything that knows OCR engines, OpenCV and PDF libraries. Not here: what the text
means (`extractors.certificates`), and anything that was declared: a request has no place for it.
Start with `pool` (what the flow calls), then `worker` (one file, start to end), `decoder`,
`decoding_host`, `sandbox` and `decoding` (bytes to pixels in a limited child process),
`recognition` (pixels to lines).
"""

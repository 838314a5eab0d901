"""The nouns of hedui: frozen types and errors that every other package speaks.

Read this package first. Nothing here touches the disk, a database, an OCR engine or a clock, and it
imports the standard library only. Start with `application` (what came in), `page` (what a reader
saw), `extraction` (what was found on it), `finding` and `assessment` (what the rules and the
decision made of it); `policy` holds every threshold that differs from school to school.
"""

"""A dossier on paper: one plain structure, drawn as DOCX and as PDF.

`compose` makes a Paper (`paper`) of a content and a letterhead, in the layout `profiles` holds for the kind of unit and
the day; `word` and `pdf` draw it. Documents are Vietnamese whatever language their reader chose, so that their words
are no texts to translate. Nothing here ever draws a seal or a signature.
"""

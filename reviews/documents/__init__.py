"""The board's papers: the appraisal sheet of a version, the decision with its annexes, the minutes of a session.

Each is a `models_registry.documents` Paper, so that both its renderers draw it. Their words are Vietnamese whatever
language their reader chose, and no texts to translate.
"""

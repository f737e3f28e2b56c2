"""Report packs: one unit's sealed figures of a period as a signed report (Word, PDF) and as a workbook with every work.

`gathering` reads, `report` says it as a paper of `models_registry.documents`, `books` as sheets; `making` draws and
keeps the files; `pages` and the tasks ask for it. The words of a report are Vietnamese whatever language its reader
chose, like those of every document, so that they are no texts to translate.
"""

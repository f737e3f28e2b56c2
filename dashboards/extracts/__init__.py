"""Year-end extracts: what a unit's classification file needs of the portal, on paper and as a workbook.

`gathering` reads it once for whoever asks, names masked for who may not see them; `report` says it as a paper, `books`
as a workbook, `making` draws and keeps all three under one check code. `below` lists every unit below one, a row each.
"""

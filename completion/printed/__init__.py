"""Tables of figures that reports printed: typed, pasted or read from a file, checked row by row, kept as typed."""

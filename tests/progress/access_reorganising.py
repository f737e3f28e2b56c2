OBJECTS = {"progress:reorganise": lambda world, unit: {"kind": "merge"}}
ROWS = """
# url                       method place    ano sec dep cle com app hea lea adm non
progress:reorganisations    GET    -        302 403 403 403 403 403 403 403 200 403
progress:reorganisations    POST   -        302 405*
progress:reorganise         GET    any      302 403 403 403 403 403 403 403 200 403
progress:reorganise         POST   any      302 403 403 403 403 403 403 403 422 403
progress:left_behind        GET    -        302 403 403 403 403 403 403 403 200 403
progress:left_behind        POST   -        302 403 403 403 403 403 403 403 422 403
"""

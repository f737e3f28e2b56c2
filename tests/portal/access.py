ROWS = """
# url         method place  ano sec dep cle com app hea lea adm non
home          GET    -      302 200*
home          POST   -      302 405*
other_posts   GET    -      302 200*
other_posts   POST   -      302 405*
components    GET    -      302 200*
components    POST   -      302 405*
healthz       GET    -      200*
healthz       POST   -      405*
readyz        GET    -      503*
readyz        POST   -      405*
metrics       GET    -      404*
metrics       POST   -      405*
robots        GET    -      200*
robots        POST   -      405*
csp_reports   GET    -      405*
csp_reports   POST   -      204*
appearance    GET    -      405*
appearance    POST   -      302*
"""

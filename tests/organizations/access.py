ROWS = """
# url                       method place    ano sec dep cle com app hea lea adm non
account_login               GET    -        200 302*
account_login               POST   -        422 302*
account_logout              GET    -        302 405*
account_logout              POST   -        302*
account_change_password     GET    -        302 200*
account_change_password     POST   -        302 422*
account_reset_code          GET    -        200*
account_reset_code          POST   -        422*
organizations:switch_post   GET    -        302 405*
organizations:switch_post   POST   -        302 404*
"""

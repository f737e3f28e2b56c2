from django.urls import path

from completion.views import closings, corrections, entering, proofs, published, revisions, room

app_name = "completion"
urlpatterns = [
    path("history/", closings.history, name="history"),
    path("published/", published.tables, name="published_tables"),
    path("published/new/", entering.begin, name="published_begin"),
    path("published/template.xlsx", entering.rows_template, name="published_template"),
    path("published/<int:pk>/", published.table, name="published_table"),
    path("published/<int:pk>/head/", entering.head, name="published_head"),
    path("published/<int:pk>/bring/", entering.bring, name="published_bring"),
    path("published/<int:pk>/rows/", entering.rows, name="published_rows"),
    path("published/<int:pk>/drop/", entering.drop, name="published_drop"),
    path("published/<int:pk>/version/", published.version, name="published_version"),
    path("published/<int:pk>/document/", published.document, name="published_document"),
    path("published/<int:pk>/<slug:step>/", published.step, name="published_step"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/<int:pk>/", proofs.proof, name="proof"),
    path("closing/", closings.closings, name="closings"),
    path("closing/<int:pk>/<slug:quarter>/seal/", closings.seal, name="seal"),
    path("closing/<int:pk>/<slug:quarter>/recompute/", closings.recompute, name="recompute"),
    path("closing/<int:pk>/<slug:quarter>/", room.room, name="room"),
    path("closing/<int:pk>/<slug:quarter>/move/", room.move, name="move_closing"),
    path("closing/<int:pk>/<slug:quarter>/list/<slug:what>/", room.room_list, name="room_list"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/<slug:step>/", corrections.step, name="correction_step"),
    path("corrections/works/<int:pk>/drop/", corrections.drop, name="drop_line"),
    path("periods/<int:pk>/correct/", corrections.correct, name="correct"),
    path("periods/<int:pk>/correct/<int:item>/", corrections.correct_item, name="correct_item"),
    path("periods/<int:pk>/reseal/", corrections.reseal, name="reseal"),
    path("revisions/<int:pk>/printed/<int:unit>/", revisions.printed, name="printed"),
    path("revisions/<int:pk>/difference/", revisions.difference, name="difference"),
]

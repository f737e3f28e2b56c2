"""Access to the showcase: everyone of the tree reads it; its board publishes; a unit's people erase a name."""

from models_registry.lifecycle import State
from models_registry.models import Attachment, Consent, Dossier, Exemplar, PracticeModel, Publication
from tests.factories import AT
from tests.models_registry import access_dossiers
from tests.models_registry import registry_factories as make


def approved(world, unit):
    return {"pk": access_dossiers._dossier(world, unit, State.APPROVED).pk}


def shown(world, unit):
    found = approved(world, unit)
    people = world.b_people if unit.path.startswith(world.b.top.path) else world.people
    Publication.objects.create(dossier_id=found["pk"], summary="Tóm tắt", published_at=AT, published_by=people["head"])
    return found


def with_photo(world, unit, **consent):
    """A model of the showcase with a photo that a consent stands of, its paper scanned."""
    found = shown(world, unit)
    author = Dossier.objects.get(**found).author
    kept = Attachment(
        dossier_id=found["pk"], added_by=author, added_at=AT, name="a.jpg", content_type="image/jpeg", size=9
    )
    kept.file.name = kept.thumbnail.name = make.stored_sample()
    kept.save()
    given = {"how": "paper", "who": "Bà Mẫu", "given_on": AT.date(), "words": 1, "recorded_by": author}
    Consent.objects.create(photo=kept, recorded_at=AT, file=kept.file.name, name="b.jpg", size=9, **given)
    return found | {"photo": kept.pk}


def with_exemplar(world, unit):
    found = approved(world, unit)
    practice, _made = PracticeModel.objects.get_or_create(dossier_id=found["pk"])
    one = Exemplar.objects.create(practice=practice, name="Trần Thị Mẫu", position="Tổ trưởng", consent=True)
    return found | {"exemplar": one.pk}


def scan(world, unit):
    return {"pk": Consent.objects.get(photo=with_photo(world, unit)["photo"]).pk}


OBJECTS = {
    "models_registry:shown_photo": with_photo,
    "models_registry:shown_thumbnail": with_photo,
    "models_registry:consent_of_photo": with_photo,
    "models_registry:consent_of_exemplar": with_exemplar,
    "models_registry:consent_scan": scan,
    "models_registry:shown_model": shown,
    "models_registry:vote": shown,
    "models_registry:adopt": shown,
    "models_registry:adoptions": shown,
    "models_registry:publish": approved,
    "models_registry:unpublish": shown,
    "models_registry:consent": approved,
}
DATA = {
    "models_registry:vote": {"stars": "4"},
    "models_registry:adopt": lambda world, unit: {"round": access_dossiers._round(world, "a").pk},
}
# Own unit's models are voted for by nobody of that unit, and adopted by nobody of it. The objects of the board, the
# leader and the committee stand at their own units; "administrator" wrote them all.
ROWS = """
# url                           method place    ano sec dep cle com app hea lea adm non
models_registry:showcase        GET    -        302 200*
models_registry:showcase        POST   -        302 405*
models_registry:shown_model     GET    own      302 200 200 200 200 200 200 200 200 404
models_registry:shown_model     GET    child    302 200 200 200 200 200 200 200 200 404
models_registry:shown_model     GET    foreign  302 404*
models_registry:shown_model     POST   any      302 405*
models_registry:vote            GET    any      302 405*
models_registry:vote            POST   own      302 403 403 403 403 403 403 403 403 404
models_registry:vote            POST   child    302 302 302 302 302 302 302 302 403 404
models_registry:vote            POST   foreign  302 404*
models_registry:adopt           GET    own      302 200 200 200 403 403 403 403 403 404
models_registry:adopt           GET    child    302 200 200 200 403 403 403 403 403 404
models_registry:adopt           GET    foreign  302 404*
models_registry:adopt           POST   own      302 422 422 422 403 403 403 403 403 404
models_registry:adopt           POST   child    302 422 422 422 403 403 403 403 403 404
models_registry:adopt           POST   foreign  302 404*
models_registry:adoptions       GET    own      302 200 200 200 200 200 200 200 200 404
models_registry:adoptions       GET    child    302 200 200 200 200 200 200 200 200 404
models_registry:adoptions       GET    foreign  302 404*
models_registry:adoptions       POST   any      302 405*
models_registry:publish         GET    own      302 403 403 403 403 404 404 403 404 404
models_registry:publish         GET    child    302 404 404 404 403 403 200 403 404 404
models_registry:publish         GET    foreign  302 404*
models_registry:publish         POST   own      302 403 403 403 403 404 404 403 404 404
models_registry:publish         POST   child    302 404 404 404 403 403 422 403 404 404
models_registry:publish         POST   foreign  302 404*
models_registry:unpublish       GET    own      302 403 403 403 403 404 404 403 404 404
models_registry:unpublish       GET    child    302 404 404 404 403 403 200 403 404 404
models_registry:unpublish       GET    foreign  302 404*
models_registry:unpublish       POST   own      302 403 403 403 403 404 404 403 404 404
models_registry:unpublish       POST   child    302 404 404 404 403 403 422 403 404 404
models_registry:unpublish       POST   foreign  302 404*
models_registry:consent         GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:consent         GET    child    302 404 404 404 403 403 200 403 404 404
models_registry:consent         GET    foreign  302 404*
models_registry:consent         POST   own      302 404 404 404 403 404 404 403 404 404
models_registry:consent         POST   child    302 404 404 404 403 403 404 403 404 404
models_registry:consent         POST   foreign  302 404*
models_registry:consent_of_exemplar GET  own      302 200 200 200 403 404 404 403 404 404
models_registry:consent_of_exemplar GET  child    302 404 404 404 403 403 200 403 404 404
models_registry:consent_of_exemplar GET  foreign  302 404*
models_registry:consent_of_exemplar POST own      302 422 422 422 403 404 404 403 404 404
models_registry:consent_of_exemplar POST child    302 404 404 404 403 403 422 403 404 404
models_registry:consent_of_exemplar POST foreign  302 404*
models_registry:consent_of_photo GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:consent_of_photo GET    child    302 404 404 404 403 403 200 403 404 404
models_registry:consent_of_photo GET    foreign  302 404*
models_registry:consent_of_photo POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:consent_of_photo POST   child    302 404 404 404 403 403 422 403 404 404
models_registry:consent_of_photo POST   foreign  302 404*
models_registry:consent_scan    GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:consent_scan    GET    child    302 404 404 404 403 403 200 403 404 404
models_registry:consent_scan    GET    foreign  302 404*
models_registry:consent_scan    POST   any      302 405*
models_registry:shown_photo     GET    own      302 200 200 200 200 200 200 200 200 404
models_registry:shown_photo     GET    child    302 200 200 200 200 200 200 200 200 404
models_registry:shown_photo     GET    foreign  302 404*
models_registry:shown_photo     POST   any      302 405*
models_registry:shown_thumbnail GET    own      302 200 200 200 200 200 200 200 200 404
models_registry:shown_thumbnail GET    child    302 200 200 200 200 200 200 200 200 404
models_registry:shown_thumbnail GET    foreign  302 404*
models_registry:shown_thumbnail POST   any      302 405*
models_registry:search          GET    -        302 200*
models_registry:search          POST   -        302 405*
"""

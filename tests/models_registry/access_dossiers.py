"""Access to dossiers, their files and steps. Own and child dossiers have been sent, so that the board sees them."""

from types import SimpleNamespace

from journal.models import Job
from models_registry.lifecycle import State
from models_registry.models import Attachment, Dossier, RegistrationRound
from models_registry.views.dossiers.individual_files import CHECK
from tests.factories import AT
from tests.models_registry import registry_factories as make


def _round(world, letter):
    found = RegistrationRound.objects.filter(body=getattr(world, letter).board, name="Đợt truy cập").first()
    units = getattr(world, letter)
    return found or make.opened_round(SimpleNamespace(top=units.top, board=units.board), name="Đợt truy cập")


def _dossier(world, unit, state, kind=Dossier.Kind.PRACTICE_MODEL):
    letter = "b" if unit.path.startswith(world.b.top.path) else "a"
    people = world.b_people if letter == "b" else world.people
    # Somebody wrote it who is none of those who ask.
    author = people["administrator"]
    units = getattr(world, letter)
    made = make.dossier(unit, author, _round(world, letter), kind=kind)
    if state != State.DRAFT:
        made.state, made.version, made.body = state, 1, units.board
        made.submitted_at, made.submitted_by = AT, author
        made.save()
        made.versions.create(number=1, content=make.content(made), submitted_at=AT, submitted_by=author)
    return made


def sent(world, unit):
    return {"pk": _dossier(world, unit, State.SUBMITTED).pk}


def held(world, unit):
    """Returned to the unit: it may be written in, and the board still sees it."""
    return {"pk": _dossier(world, unit, State.REVISION_REQUESTED).pk}


def remarked(world, unit):
    """Returned with a remark that waits for its answer."""
    place = held(world, unit)
    dossier = Dossier.objects.get(pk=place["pk"])
    dossier.versions.get().remarks.create(place="goal", text="Chưa đo được", asked_by=dossier.author, asked_at=AT)
    return place


def held_sheet(world, unit):
    return {"pk": _dossier(world, unit, State.REVISION_REQUESTED, Dossier.Kind.REGISTRATION_SHEET).pk}


def individual(world, unit):
    sheet = _dossier(world, unit, State.REVISION_REQUESTED, Dossier.Kind.REGISTRATION_SHEET)
    make.individual(sheet)
    return {"pk": sheet.pk, "number": 1}


def a_checked_file(world, unit):
    """A file its owner handed in: the secretary alone sees what became of it."""
    sheet = held_sheet(world, unit)
    job = Job.objects.create(
        task=CHECK, title="Tệp", arguments={"dossier": sheet["pk"]}, owner=world.people["secretary"], created_at=AT
    )
    return sheet | {"job": job.pk}


def draft(world, unit):
    return {"pk": _dossier(world, unit, State.DRAFT).pk}


def a_file(world, unit):
    dossier = _dossier(world, unit, State.SUBMITTED)
    kept = Attachment(
        dossier=dossier, name="a.pdf", content_type="application/pdf", size=9, added_by=dossier.author, added_at=AT
    )
    # Every role asks for the same few bytes; what matters is who is handed them.
    kept.file.name = kept.thumbnail.name = make.stored_sample()
    kept.save()
    return {"pk": kept.pk}


OBJECTS = {
    "models_registry:dossier": sent,
    "models_registry:print": sent,
    "models_registry:paper": sent,
    "models_registry:word": lambda world, unit: sent(world, unit) | {"which": "dossier"},
    "models_registry:pdf": lambda world, unit: sent(world, unit) | {"which": "dossier"},
    "models_registry:attachment": a_file,
    "models_registry:thumbnail": a_file,
    "models_registry:files": held,
    "models_registry:individuals": held_sheet,
    "models_registry:presence": held_sheet,
    "models_registry:individual_add": held_sheet,
    "models_registry:individual": individual,
    "models_registry:bring": held_sheet,
    **dict.fromkeys(
        [f"models_registry:individuals_{name}" for name in ("table", "paste", "export", "import")], held_sheet
    ),
    "models_registry:individuals_report": a_checked_file,
    "models_registry:individuals_load": a_checked_file,
    "models_registry:advice": lambda world, unit: held(world, unit) | {"key": "reasons"},
    "models_registry:advice_one": lambda world, unit: individual(world, unit) | {"key": "individual"},
    "models_registry:step": lambda world, unit: held(world, unit) | {"key": "reasons"},
    "models_registry:check": held,
    "models_registry:answers": remarked,
    "models_registry:withdraw": sent,
    "models_registry:delete": draft,
    "models_registry:copy": sent,
    "models_registry:comment": sent,
}
DATA = {
    "models_registry:withdraw": {"edition": "0"},
    "models_registry:step": {"edition": "0"},
}
# Own: the secretary's cell; the committee, the board and the leader each have a dossier of their own unit, which they
# read and never write. An administrator sees no content at all.
ROWS = """
# url                           method place    ano sec dep cle com app hea lea adm non
models_registry:dossiers        GET    -        302 200*
models_registry:dossiers        POST   -        302 405*
models_registry:start           GET    -        302 200 200 200 403*
models_registry:start           POST   -        302 422 422 422 403*
models_registry:dossier         GET    own      302 200 200 200 200 404 404 200 404 404
models_registry:dossier         GET    child    302 404 404 404 200 200 200 200 404 404
models_registry:dossier         GET    foreign  302 404*
models_registry:dossier         POST   any      302 405*
models_registry:print           GET    own      302 200 200 200 200 404 404 200 404 404
models_registry:print           GET    child    302 404 404 404 200 200 200 200 404 404
models_registry:print           GET    foreign  302 404*
models_registry:print           POST   any      302 405*
models_registry:paper           GET    own      302 200 200 200 200 404 404 200 404 404
models_registry:paper           GET    child    302 404 404 404 200 200 200 200 404 404
models_registry:paper           GET    foreign  302 404*
models_registry:paper           POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:paper           POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:paper           POST   foreign  302 404*
models_registry:word            GET    own      302 200 200 200 200 404 404 200 404 404
models_registry:word            GET    child    302 404 404 404 200 200 200 200 404 404
models_registry:word            GET    foreign  302 404*
models_registry:word            POST   any      302 405*
models_registry:pdf             GET    any      302 405*
models_registry:pdf             POST   own      302 302 302 302 302 404 404 302 404 404
models_registry:pdf             POST   child    302 404 404 404 302 302 302 302 404 404
models_registry:pdf             POST   foreign  302 404*
models_registry:attachment      GET    own      302 200 200 200 200 404 404 200 404 404
models_registry:attachment      GET    child    302 404 404 404 200 200 200 200 404 404
models_registry:attachment      GET    foreign  302 404*
models_registry:attachment      POST   any      302 405*
models_registry:thumbnail       GET    own      302 200 200 200 200 404 404 200 404 404
models_registry:thumbnail       GET    child    302 404 404 404 200 200 200 200 404 404
models_registry:thumbnail       GET    foreign  302 404*
models_registry:thumbnail       POST   any      302 405*
models_registry:files           GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:files           GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:files           GET    foreign  302 404*
models_registry:files           POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:files           POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:files           POST   foreign  302 404*
models_registry:individuals     GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individuals     GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals     GET    foreign  302 404*
models_registry:individuals     POST   any      302 405*
models_registry:individuals_table GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individuals_table GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_table GET    foreign  302 404*
models_registry:individuals_table POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:individuals_table POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_table POST   foreign  302 404*
models_registry:individuals_paste GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individuals_paste GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_paste GET    foreign  302 404*
models_registry:individuals_paste POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:individuals_paste POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_paste POST   foreign  302 404*
models_registry:individuals_export GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individuals_export GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_export GET    foreign  302 404*
models_registry:individuals_export POST   any      302 405*
models_registry:individuals_import GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individuals_import GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_import GET    foreign  302 404*
models_registry:individuals_import POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:individuals_import POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_import POST   foreign  302 404*
models_registry:individuals_report GET    own      302 200 404 404 403 404 404 403 404 404
models_registry:individuals_report GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_report GET    foreign  302 404*
models_registry:individuals_report POST   any      302 405*
models_registry:individuals_load GET    any      302 405*
models_registry:individuals_load POST   own      302 302 404 404 403 404 404 403 404 404
models_registry:individuals_load POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:individuals_load POST   foreign  302 404*
models_registry:individual_add  GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individual_add  GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individual_add  GET    foreign  302 404*
models_registry:individual_add  POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:individual_add  POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:individual_add  POST   foreign  302 404*
models_registry:individual      GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:individual      GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:individual      GET    foreign  302 404*
models_registry:individual      POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:individual      POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:individual      POST   foreign  302 404*
models_registry:advice          GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:advice          GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:advice          GET    foreign  302 404*
models_registry:advice          POST   any      302 405*
models_registry:advice_one      GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:advice_one      GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:advice_one      GET    foreign  302 404*
models_registry:advice_one      POST   any      302 405*
models_registry:bring           GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:bring           GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:bring           GET    foreign  302 404*
models_registry:bring           POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:bring           POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:bring           POST   foreign  302 404*
models_registry:step            GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:step            GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:step            GET    foreign  302 404*
models_registry:step            POST   own      302 302 302 302 403 404 404 403 404 404
models_registry:step            POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:step            POST   foreign  302 404*
models_registry:answers         GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:answers         GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:answers         GET    foreign  302 404*
models_registry:answers         POST   own      302 409 409 409 403 404 404 403 404 404
models_registry:answers         POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:answers         POST   foreign  302 404*
models_registry:check           GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:check           GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:check           GET    foreign  302 404*
models_registry:check           POST   own      302 409 409 403 403 404 404 403 404 404
models_registry:check           POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:check           POST   foreign  302 404*
models_registry:presence        GET    any      302 405*
models_registry:presence        POST   own      302 400 400 400 403 404 404 403 404 404
models_registry:presence        POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:presence        POST   foreign  302 404*
models_registry:withdraw        GET    any      302 405*
models_registry:withdraw        POST   own      302 302 302 403 403 404 404 403 404 404
models_registry:withdraw        POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:withdraw        POST   foreign  302 404*
models_registry:delete          GET    any      302 405*
models_registry:delete          POST   own      302 302 302 302 404*
models_registry:delete          POST   child    302 404*
models_registry:delete          POST   foreign  302 404*
models_registry:copy            GET    own      302 200 200 200 403 404 404 403 404 404
models_registry:copy            GET    child    302 404 404 404 403 403 403 403 404 404
models_registry:copy            GET    foreign  302 404*
models_registry:copy            POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:copy            POST   child    302 404 404 404 403 403 403 403 404 404
models_registry:copy            POST   foreign  302 404*
models_registry:comment         GET    any      302 405*
models_registry:comment         POST   own      302 422 422 422 403 404 404 403 404 404
models_registry:comment         POST   child    302 404 404 404 403 422 422 403 404 404
models_registry:comment         POST   foreign  302 404*
"""

"""Long work of leaders' screens: report packs and year-end extracts are made by the worker, for whoever asked."""

import logging
import tempfile
from pathlib import Path

from celery import shared_task
from celery.schedules import crontab
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from completion.extracting import drop_extract_files
from completion.models import Pack, PackSending
from completion.packing import drop_pack_files
from completion.queries.spans import sealed_periods
from completion.services import note_taking
from completion.weekly import tell_weekly, weekly_to_tell
from completion.wishing import plan_sendings, tell_of_pack
from dashboards.extracts.below import write_below
from dashboards.extracts.making import make_extract
from dashboards.packs.briefing import in_brief
from dashboards.packs.making import make_pack
from dashboards.packs.passport import passport_paper
from dashboards.passports import shown_passport
from dashboards.recasting import shown_regrouped
from dashboards.tables import file_name
from dashboards.weekly import week_of
from journal.jobs import JobRefused, job_task
from journal.lists import Asked
from models_registry.documents import pdf
from organizations.models import Unit
from organizations.permissions import Action, may, reaches
from organizations.queries import owner_acting
from reviews.queries.checked import verifying_at
from vietnamese.folding import slug

log = logging.getLogger(__name__)
MOST_WEEKS = 500  # wishes told in one run
SCHEDULE = {
    "dashboards.plan_packs": {"task": "dashboards.tasks.plan_packs", "schedule": 60},
    # Before the morning's digests, which carry it into the mail; later for a portal that was not running then.
    "dashboards.tell_weeks": {
        "task": "dashboards.tasks.tell_weeks",
        "schedule": crontab(minute="*/10", hour="5-20"),
    },
    "dashboards.drop_packs": {"task": "dashboards.tasks.drop_packs", "schedule": crontab(minute="45", hour="3")},
}


@shared_task
def drop_packs() -> int:
    """Delete the files of packs and extracts that were kept long enough."""
    now = timezone.now()
    return drop_pack_files(at=now) + drop_extract_files(at=now)


@shared_task
def plan_packs() -> int:
    """Start the packs that were wished for of quarters sealed since."""
    return plan_sendings(site=verifying_at(), at=timezone.now())


@shared_task
def tell_weeks() -> int:
    """Tell the week of every unit somebody wished it of, once a week; who fails is tried again in ten minutes."""
    told = 0
    for wish in weekly_to_tell(at=timezone.now(), most=MOST_WEEKS):
        by, now = wish.person.acting_as(wish.post), timezone.now()
        try:
            if may(by, Action.FOLLOW_FIGURES) and reaches(by, wish.unit):
                told += tell_weekly(wish, *week_of(wish, by=by, at=now), at=now)
        except Exception:
            log.exception("the week of wish %s was not told", wish.pk)
    return told


@job_task(patient=True)
def make_pack_shown(run) -> dict:
    """Make the pack somebody asked for, as that person sees its figures now, in the post it was asked from."""
    with override(run.arguments["language"]):
        return _led_to(_made(run))


@job_task(patient=True)
def send_pack(run) -> dict:
    """Make a pack that was wished for, and tell of it once, however often this is begun."""
    with override(run.arguments["language"]):
        sending = PackSending.objects.filter(pk=run.arguments["sending"]).first()
        if sending is None:
            raise JobRefused(_("Bạn đã thôi nhận bộ báo cáo của đơn vị này."))
        made = _made(run)
        tell_of_pack(sending, made, in_brief(made), at=timezone.now())
        return _led_to(made)


@job_task(patient=True)
def draw_passport(run) -> dict:
    """Draw the passport of one rate as a PDF, as whoever asked sees it now, in the post it was asked from."""
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]), tempfile.TemporaryDirectory() as folder:
        by = owner_acting(run.job, at=now)
        try:
            shown = shown_regrouped if asked.get("regrouped") else shown_passport
            page = shown(Asked(by, QueryDict(asked["address"])), asked["unit"])
        except (Http404, PermissionDenied) as gone:
            raise JobRefused(_("Bạn không còn quyền xem số liệu của đơn vị này.")) from gone
        (path := Path(folder) / "passport.pdf").write_bytes(pdf.draw(passport_paper(page, at=now)))
        if page["passport"].sealed and not asked.get("regrouped"):
            note_taking(page["passport"].revision_id, page["unit"], "pdf", by=by, at=now)
        run.keep(f"ly-lich-{page['rate'].code}-{file_name(page['unit'], page['choice'], 'pdf')}", path)
        return {}


def _made(run) -> Pack:
    asked, now = run.arguments, timezone.now()
    by, unit = _asked_of(run, now)
    period = next((one for one in sealed_periods(unit) if one[0].key == asked["period"]), None)
    if period is None:
        raise JobRefused(_("Kỳ này chưa có số liệu đã chốt của đơn vị."))
    return make_pack(unit, *period, code=asked["code"], site=asked["site"], by=by, at=now, advance=run.advance)


def _led_to(made: Pack) -> dict:
    return {"url": reverse("packs:pack", args=[made.pk]), "url_label": _("Mở bộ báo cáo")}


@job_task(patient=True)
def make_extract_shown(run) -> dict:
    """Make the year-end extract somebody asked for, as that person may have it, in the post it was asked from."""
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]):
        by, unit = _asked_of(run, now)
        of = {"code": asked["code"], "site": asked["site"]}
        made = make_extract(unit, asked["year"], by=by, at=now, advance=run.advance, **of)
        return {"url": reverse("extracts:extract", args=[made.pk]), "url_label": _("Mở bản trích")}


@job_task(patient=True)
def write_extracts_below(run) -> dict:
    """Write the year of every unit below one as a workbook, one row each."""
    asked, now = run.arguments, timezone.now()
    with override(asked["language"]), tempfile.TemporaryDirectory() as folder:
        by, unit = _asked_of(run, now)
        path = Path(folder) / "below.xlsx"
        if not write_below(unit, asked["year"], path, by=by, at=now, advance=run.advance):
            raise JobRefused(_("Năm này chưa có số liệu của đơn vị."))
        run.keep(f"trich-{asked['year']}-{slug(unit.name)[:60]}.xlsx", path)
        return {}


def _asked_of(run, now) -> tuple:
    """Return who asked, acting in the post they asked from, and the unit; refused where it is out of sight by now."""
    by = owner_acting(run.job, at=now)
    unit = Unit.objects.visible_to(by).filter(pk=run.arguments["unit"]).first()
    if unit is None or not may(by, Action.READ_FIGURES):
        raise JobRefused(_("Bạn không còn quyền xem số liệu của đơn vị này."))
    return by, unit

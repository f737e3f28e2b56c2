"""Looks for signals against formalism in one board's year and has them kept (reviews.services.signals)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from models_registry.queries.alike import likenesses
from organizations.paths import STEP, ids_of
from progress import formalism
from progress.queries import formalism as queries
from reviews.models import Signal, SignalThresholds
from reviews.services.signals import keep_signals, thresholds_of
from reviews.signals import Found, Part

Kind = Signal.Kind
# Looked through without an end: what is not found again has not ended for that.
NOTHING_ENDS = {"pk__in": ()}


def look_at_year(body: int, year: int, *, at: datetime) -> int:
    """Look through all that a board's units did in one year; returns how many signals are newly asked."""
    limits = thresholds_of(body)
    finders = {
        Kind.FILE: _files(body, limits, year=year),
        Kind.BURST: _bursts(body, year, limits),
        Kind.LAST_DAY: _last_days(body, year, limits),
        Kind.EXCLUSION: _exclusions(body, year, limits),
    }
    return sum(keep_signals(body, kind, [*found], about={"year": year}, at=at) for kind, found in finders.items())


def look_at_dossiers(body: int, *, at: datetime, since: datetime | None = None) -> int:
    """Look through the texts of what a board appraises, or of what was sent since an instant; returns the newly asked.

    Eight queries a dossier.
    """
    limits, looked, found = thresholds_of(body), [], []
    for dossier in queries.dossiers_at(body, since=since).iterator(chunk_size=200):
        looked.append(dossier.pk)
        found += _texts(dossier, limits)
    return keep_signals(body, Kind.TEXT, found, about={"dossier__in": looked}, at=at) if looked else 0


def look_at_new_files(body: int, *, since: datetime, at: datetime) -> int:
    """Look where the files that came in since an instant stood before; returns how many signals are newly asked."""
    found = [*_files(body, thresholds_of(body), since=since)]
    return keep_signals(body, Kind.FILE, found, about=NOTHING_ENDS, at=at)


def _texts(dossier, limits: SignalThresholds) -> Iterator[Found]:
    version = dossier.versions.filter(number=dossier.version).first()
    if version is None:
        return
    found, passages = likenesses(dossier, version.content, common_units=limits.common_units)
    least, percent = limits.alike_passages, limits.alike_percent
    if chosen := formalism.alike_enough(found, passages, least=least, percent=percent):
        parts = {f"{one.dossier}:{one.mine}:{one.theirs}": one for one in chosen}
        yield Found(
            Kind.TEXT,
            str(dossier.pk),
            unit=dossier.unit_id,
            year=dossier.year,
            dossier=dossier.pk,
            facts={"count": len({one.mine for one in chosen}), "of": passages},
            parts=tuple(Part(key, dossier=one.dossier, mine=one.mine, theirs=one.theirs) for key, one in parts.items()),
        )


def _files(body: int, limits: SignalThresholds, *, year: int | None = None, since=None) -> Iterator[Found]:
    """Yield one signal for each unit and file that stood elsewhere before; of all years, or of one."""
    for uses in queries.shared_files(body, since=since):
        by_unit = defaultdict(list)
        for use, before in formalism.reused(uses, days=limits.file_days, units=limits.common_units):
            if use.here:
                by_unit[use.unit].append((use, before))
        for unit, found in by_unit.items():
            signal = _file_signal(unit, found)
            if year in (None, signal.year):
                yield signal


def _file_signal(unit: int, found: list) -> Found:
    last = max((use for use, _before in found), key=lambda use: use.at)
    places = {(one.item, one.dossier): one for use, before in found for one in (*before, use)}
    return Found(
        Kind.FILE,
        f"{unit}:{last.digest}",
        unit=unit,
        year=last.at.year,
        dossier=last.dossier,
        facts={"name": last.name},
        parts=tuple(
            Part(f"{item or ''}:{dossier or ''}", item=item, dossier=dossier, note=one.name, at=one.at)
            for (item, dossier), one in places.items()
        ),
    )


def _bursts(body: int, year: int, limits: SignalThresholds) -> Iterator[Found]:
    for person, told in queries.confirmations(body, year):
        times = [at for at, *_rest in told]
        for first, last in formalism.bursts(times, count=limits.burst_count, minutes=limits.burst_minutes):
            run = told[first : last + 1]
            path = formalism.nearest_common({path for *_rest, path in run}, step=STEP)
            minutes = -(-int((times[last] - times[first]).total_seconds()) // 60)
            yield Found(
                Kind.BURST,
                f"{person}:{run[0][1]}",
                unit=ids_of(path)[-1] if path else run[0][3],
                year=year,
                person=person,
                facts={"count": len(run), "minutes": max(1, minutes)},
                parts=tuple(Part(str(fact), item=item, at=at) for at, fact, item, _unit, _path in run),
            )


def _last_days(body: int, year: int, limits: SignalThresholds) -> Iterator[Found]:
    found = formalism.all_on_last_day(
        queries.completions(body, year), least=limits.last_day_works, percent=limits.last_day_percent
    )
    for (unit, on_year, quarter), works, of_all in found:
        yield Found(
            Kind.LAST_DAY,
            f"{unit}:{on_year}:{quarter}:{year}",
            unit=unit,
            year=year,
            facts={"count": len(works), "all": of_all, "quarter": quarter, "year": on_year},
            parts=tuple(Part(str(one.item), item=one.item, note=f"{one.on:%d/%m/%Y}") for one in works),
        )


def _exclusions(body: int, year: int, limits: SignalThresholds) -> Iterator[Found]:
    asked = queries.exclusions_asked(body, year)
    days = limits.exclusion_days
    for (unit, of_year, quarter), found in formalism.just_before_due(asked, least=limits.exclusions, days=days):
        yield Found(
            Kind.EXCLUSION,
            f"{unit}:{of_year}:{quarter}:{year}",
            unit=unit,
            year=year,
            facts={"count": len(found), "days": days, "quarter": quarter, "year": of_year},
            parts=tuple(Part(str(one.item), item=one.item, at=one.at) for one in found),
        )

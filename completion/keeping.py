"""Bridges between sealed revisions, worked out once: neither revision ever changes, and a province has many works."""

from completion.bridges import Step
from completion.models import BridgeStep
from completion.queries.behind import Reading
from completion.queries.bridge import Bridge, Works, bridge_between

KEPT_FROM = 500  # works; of fewer a bridge costs less than the row it would be kept in


def bridge_of(before: Reading, after: Reading, rate: str, *, kind: str = "ALL") -> Bridge:
    """Return the bridge between two readings, worked out and kept the first time it is asked of a large unit.

    One query once it is kept; before, those of `bridge_between` and one insert. Of a provisional revision nothing is
    kept. Two who ask at once keep the same rows once.
    """
    if not (before.revision.sealed and after.revision.sealed):
        return bridge_between(before, after, rate, kind=kind)
    of = {
        "before_id": before.revision.pk,
        "after_id": after.revision.pk,
        "unit_id": after.unit.pk,
        "rate": rate,
        "kind": kind,
    }
    if kept := _kept(before, after, of):
        return kept
    bridge = bridge_between(before, after, rate, kind=kind)
    if bridge.gone_through >= KEPT_FROM:
        BridgeStep.objects.bulk_create(_rows(bridge, of), ignore_conflicts=True)
    return bridge


def _kept(before: Reading, after: Reading, of: dict) -> Bridge | None:
    rows = BridgeStep.objects.filter(**of).values_list("step", "n", "base", "count", "pk")
    found = {step: (n, base, count, pk) for step, n, base, count, pk in rows}
    if "" not in found:
        return None
    *start, through, _pk = found.pop("")
    bridge = Bridge(tuple(start), gone_through=through)
    for step, (n, base, count, pk) in found.items():
        bridge.sums[Step(step)] = n, base
        bridge.items[Step(step)] = Works(before, after, count, None, pk)
    bridge.end = tuple(map(sum, zip(bridge.start, *bridge.sums.values(), strict=True)))
    return bridge


def _rows(bridge: Bridge, of: dict):
    n, base = bridge.start
    yield BridgeStep(**of, step="", n=n, base=base, count=bridge.gone_through)
    for step, (n, base) in bridge.sums.items():
        works = bridge.items[step]
        yield BridgeStep(**of, step=step, n=n, base=base, count=len(works), works="\n".join(works.texts))

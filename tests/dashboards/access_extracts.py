import io

from django.utils import timezone

from completion.extracting import DrawnExtract, keep_extract
from reviews.check_codes import new_code
from tests import factories


def extract_of(unit, *, by, with_names=False, year=2026, forms=("docx", "pdf", "xlsx")):
    """Keep an extract of a unit's year, its files a few bytes each."""
    drawn = DrawnExtract(
        unit=unit,
        year=year,
        sources=[],
        is_final=False,
        with_names=with_names,
        code=new_code(),
        issuer=unit.name,
        title=f"Bản trích năm {year}: {unit.name}",
        files={form: io.BytesIO(form.encode()) for form in forms},
    )
    return keep_extract(drawn, by=by, at=timezone.now())


def made(world, unit):
    """An extract of the unit, with names, made at the unit itself."""
    return {"pk": extract_of(unit, by=factories.person(unit, "leader"), with_names=True).pk}


OBJECTS = {
    "extracts:unit": lambda world, unit: {"pk": unit.pk},
    "extracts:below": lambda world, unit: {"pk": unit.pk},
    "extracts:extract": made,
    "extracts:file": lambda world, unit: made(world, unit) | {"form": "docx"},
}
ROWS = """
# url             method place    ano sec dep cle com app hea lea adm non
extracts:start    GET    -        302 302 302 403 302 302 302 302 403 403
extracts:start    POST   -        302 405*
extracts:unit     GET    own      302 200 200 403 200 200 200 200 403 403
extracts:unit     GET    child    302 404 404 403 200 200 200 200 403 403
extracts:unit     GET    foreign  302 404 404 403 404 404 404 404 403 403
extracts:unit     POST   own      302 302 302 403 302 302 302 302 403 403
extracts:unit     POST   child    302 404 404 403 302 302 302 302 403 403
extracts:unit     POST   foreign  302 404 404 403 404 404 404 404 403 403
extracts:below    GET    any      302 405*
extracts:below    POST   own      302 302 302 403 302 302 302 302 403 403
extracts:below    POST   child    302 404 404 403 302 302 302 302 403 403
extracts:below    POST   foreign  302 404 404 403 404 404 404 404 403 403
# One that names individuals is for the unit itself; above it everybody makes the own, without names.
extracts:extract  GET    own      302 200 200 403 200 404 404 200 403 403
extracts:extract  GET    child    302 404 404 403 404 404 404 404 403 403
extracts:extract  GET    foreign  302 404 404 403 404 404 404 404 403 403
extracts:extract  POST   any      302 405*
extracts:file     GET    own      302 200 200 403 200 404 404 200 403 403
extracts:file     GET    child    302 404 404 403 404 404 404 404 403 403
extracts:file     GET    foreign  302 404 404 403 404 404 404 404 403 403
extracts:file     POST   any      302 405*
"""

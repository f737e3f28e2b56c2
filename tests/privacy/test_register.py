"""Every field that points to a person, or takes words, stands in the register or is said to be nobody's."""

import pytest
from django.apps import apps
from django.db import models

from organizations.models import Person
from privacy.register import CATEGORIES, HELD, NOT_PERSONAL, OWN

# Tables of the framework and of packages in which nobody is named.
FOREIGN = {"contenttypes", "auth", "django_celery_beat"}
WORDS = (models.CharField, models.TextField, models.JSONField, models.FileField, models.BinaryField)

pytestmark = pytest.mark.once


def of_people(model) -> set[str]:
    """Return the fields of a model that point to a person or take words somebody chooses freely."""
    return {
        one.name
        for one in model._meta.fields
        if one.related_model is Person or (isinstance(one, WORDS) and not one.choices and not one.is_relation)
    }


def told(table: dict) -> dict[str, set[str]]:
    return {label: {field for kept in said.values() for field in kept.split()} for label, said in table.items()}


def test_every_field_that_may_tell_of_a_person_stands_in_the_register():
    held, plain = told(HELD), {label: set(fields.split()) for label, fields in NOT_PERSONAL.items()}
    known = {label: held.get(label, set()) | plain.get(label, set()) for label in held | plain}
    found = {model._meta.label: of_people(model) for model in apps.get_models() if model._meta.app_label not in FOREIGN}
    missing = {label: sorted(fields - known.get(label, set())) for label, fields in found.items()}
    # What is new goes to HELD or NOT_PERSONAL of privacy/register.py.
    assert {label: fields for label, fields in missing.items() if fields} == {}
    gone = {label: sorted(fields - found.get(label, set())) for label, fields in known.items()}
    assert {label: fields for label, fields in gone.items() if fields} == {}


def test_the_register_names_categories_it_explains_and_no_field_twice():
    assert {key for kept in HELD.values() for key in kept} <= CATEGORIES.keys()
    for label, fields in NOT_PERSONAL.items():
        assert not told(HELD).get(label, set()) & set(fields.split()), label
    for label, link in OWN.items():
        assert link in told(HELD)[label]

"""The catalogues, kept with Babel alone (no gettext needed): found in the code, compared, compiled.

Our own text is Vietnamese in the code, so `en` must translate all of it. `vi` holds only what the frameworks
leave in English.
"""

import io
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sdf]|\{(\w*)\}")
# Which of a framework's strings a person can meet here, by the source files its catalogue names.
FRAMEWORKS = {
    "django": ("conf/locale", r"^(core/validators|core/paginator|forms/|utils/(dates|text|timesince)|db/models/base)"),
    "django.contrib.auth": ("locale", r"(forms|password_validation|validators|backends)"),
    "allauth": (
        "locale",
        r"^account/(adapter|fields|forms|views)|templates/account/(login|logout|password_change|messages)",
    ),
    "crispy_bootstrap5": ("locale", r"."),
    "django_filters": ("locale", r"(fields|widgets|filters|constants)"),
}


def catalogue_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def stored(language: str) -> Catalog:
    """Return the kept catalogue of a language; empty when there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def wanted(language: str) -> Catalog:
    """Return the messages that the language's catalogue must translate, none of them translated yet."""
    return own_text() if language == "en" else left_in_english()


def own_text() -> Catalog:
    """Return every message of our own code and templates."""
    found = Catalog(charset="utf-8")
    for path in _sources():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for _, text, _, context in _messages_of(path):
            found.add(text, locations=[(name, 1)], context=context)
    return found


def left_in_english() -> Catalog:
    """Return what the frameworks show but do not translate into Vietnamese."""
    found = Catalog(charset="utf-8")
    for package, (folder, places) in FRAMEWORKS.items():
        root = Path(find_spec(package).origin).parent / folder
        vietnamese = _read(root / "vi/LC_MESSAGES/django.po")
        for message in _read(root / "en/LC_MESSAGES/django.po") or _read(root / "vi/LC_MESSAGES/django.po"):
            shown = any(re.search(places, place) for place, _ in message.locations)
            if message.id and shown and not _is_translated(vietnamese.get(message.id, message.context)):
                found.add(message.id, locations=[(package, 1)], context=message.context)
    return found


def update(language: str) -> int:
    """Rewrite a catalogue with exactly the wanted messages, keeping translations; returns how many lack one."""
    old = stored(language)
    # The day of the last update is git's to keep; here it would only make two changes of the texts collide.
    new = Catalog(locale=language, charset="utf-8", project="lam-theo-bac", creation_date=old.creation_date)
    for message in wanted(language):
        if message.id:
            kept = old.get(message.id, message.context)
            if kept and kept.pluralizable != message.pluralizable:
                kept = None  # one sentence cannot serve as two, nor two as one
            flags = kept.flags - {"python-format"} if kept else ()
            new.add(message.id, kept.string if kept else None, message.locations, flags, context=message.context)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=120, include_lineno=False, sort_output=True)
    return sum(1 for message in new if message.id and not _is_translated(message))


def problems(language: str) -> Iterator[str]:
    """Yield one line for each wanted message without a translation, or with one that should not stand.

    It is fuzzy, changes a placeholder, or says the same twice.
    """
    kept = stored(language)
    for message in wanted(language):
        if not message.id:
            continue
        text = message.id[0] if isinstance(message.id, tuple) else message.id
        line = f"{language}: {message.locations[0][0]}: {text!r}"
        translation = kept.get(message.id, message.context)
        if not _is_translated(translation):
            yield f"{line} is fuzzy" if translation and translation.fuzzy else f"{line} is not translated"
        elif not _same_placeholders(translation):
            yield f"{line} changes a placeholder"
        elif any(map(_says_it_twice, _texts_of(translation.string))):
            yield f"{line} says it twice"


def compile_catalogues() -> int:
    """Write the .mo of each catalogue that is newer than it; returns how many were written."""
    written = 0
    for source in Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with target.open("wb") as file:
                write_mo(file, _read(source))
            written += 1
    return written


def _sources() -> Iterator[Path]:
    yield from sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
    yield from sorted(Path(settings.BASE_DIR / "templates").rglob("*.txt"))
    for config in apps.get_app_configs():
        folder = Path(config.path)
        if folder.parent == settings.BASE_DIR:
            yield from (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def _messages_of(path: Path):
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is left is calls among X's; without indentation it reads as Python.
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines())
    return extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})


def _read(path: Path) -> Catalog:
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy or not message.string:
        return False
    return all(message.string) if isinstance(message.string, (tuple, list)) else True


def _same_placeholders(message: Message) -> bool:
    allowed = [sorted(match.group() for match in PLACEHOLDER.finditer(source)) for source in _texts_of(message.id)]
    targets = _texts_of(message.string)
    return all(sorted(match.group() for match in PLACEHOLDER.finditer(target)) in allowed for target in targets)


def _texts_of(text: str | Sequence[str]) -> Sequence[str]:
    return text if isinstance(text, (tuple, list)) else (text,)


def _says_it_twice(text: str) -> bool:
    """Whether a text is one text several times over, as two fillings of one gap leave it."""
    return len(text) > 1 and text in (text + text)[1:-1]

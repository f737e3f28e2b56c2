"""Where static files come from, and where files are kept."""

from contextlib import suppress
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ForgivingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed and compressed names; a file that was not gathered costs its page a script or a style, not an error."""

    manifest_strict = False
    # A module that imports another asks for it by its hashed name too, and so keeps it as long.
    support_js_module_import_aggregation = True

    def stored_name(self, name):
        """Return the hashed name, or the plain one of a file that is not there."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name


class WholeFilesStorage(FileSystemStorage):
    """Keeps a file whole or not at all: what could not be written to its end, on a full disk, leaves nothing."""

    def _save(self, name, content):
        path = Path(self.path(name))
        is_new = not path.exists()
        try:
            return super()._save(name, content)
        except OSError:
            if is_new:
                with suppress(OSError):
                    path.unlink()
            raise

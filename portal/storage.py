"""Where static files come from."""

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

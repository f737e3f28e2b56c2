from io import BytesIO

from portal.middleware import TooLargeFormMiddleware


class Gone(BytesIO):
    """A browser that went away while it was sending."""

    def read(self, *_size):
        raise OSError("connection reset")


def test_whoever_goes_away_while_sending_too_much_is_no_error_of_ours(rf, settings):
    sent = {"CONTENT_LENGTH": settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, "wsgi.input": Gone()}
    request = rf.post("/", content_type="application/x-www-form-urlencoded", **sent)
    found = TooLargeFormMiddleware(lambda request: None).process_view(request, None, (), {})
    assert found.status_code == 400

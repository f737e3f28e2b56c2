"""What an action costs a first-time user: a keystroke-level model over what was really done on the pages.

Operators after Card, Moran and Newell, "The Keystroke-Level Model" (CACM 23, 1980): pointing 1.1 s, the press after
it 0.2 s, deciding 1.35 s; they measured a mouse, and a swipe is counted as pointing. Their non-secretary typist takes
0.28 s a key; a phone at fifty takes 0.46 s, 26 words a minute (Palin et al., "How do people type on mobile devices?",
MobileHCI 2019). At 67 to 89 it takes 2.55 s, 4.7 words a minute without any help of the keyboard (Nicolau and Jorge,
"Elderly text-entry performance on touchscreens", ASSETS 2012): told beside it, and held to no limit. A Vietnamese
letter costs a key more for each of its marks (Telex). Reading again before sending goes at 200 words a minute. Pages
come at 400 kbit/s with 0.4 s for the way there and back. Thinking what to write is not counted: the text is given.
"""

import math
import re
import unicodedata

KEY, POINT, PRESS, DECIDE, READ_WORD = 0.46, 1.1, 0.2, 1.35, 0.3
SLOWEST_KEY = 2.55
BYTES_A_SECOND, ROUND_TRIP = 50_000, 0.4


def keys_of(text: str) -> int:
    """Return how many keys Telex takes: each mark one, and đ two."""
    return len(unicodedata.normalize("NFD", text)) + len(re.findall("[đĐ]", text))


class Effort:
    """Counts what is done on a page, and adds it up in seconds."""

    def __init__(self, page):
        self.page = page
        self.keys = self.taps = self.decisions = self.swipes = self.loads = self.bytes = self.words = 0
        page.on("requestfinished", self._came)

    def _came(self, request) -> None:
        sizes = request.sizes()
        self.bytes += sizes["responseBodySize"] + sizes["responseHeadersSize"]
        self.loads += request.is_navigation_request()

    def type(self, field, text: str) -> None:
        self.tap(field)
        self.keys += keys_of(text)
        field.fill(text)

    def tap(self, place) -> None:
        """Decide on a place, bring it into view, press it."""
        box = place.bounding_box()
        height = self.page.viewport_size["height"]
        if box and not 0 <= box["y"] < height - 40:
            self.swipes += math.ceil(abs(box["y"] - height / 2) / height)
        self.decisions += 1
        self.taps += 1
        place.scroll_into_view_if_needed()
        place.click()

    def read(self, place) -> None:
        self.words += len(place.inner_text().split())

    def seconds(self, key: float = KEY) -> float:
        typed = self.keys * key + (self.taps + self.swipes) * (POINT + PRESS) + self.decisions * DECIDE
        return typed + self.words * READ_WORD + self.bytes / BYTES_A_SECOND + self.loads * ROUND_TRIP

    def told(self) -> str:
        return (
            f"{self.keys} keys, {self.taps} taps, {self.swipes} swipes, {self.decisions} decisions, {self.words} words "
            f"read, {self.loads} pages, {self.bytes / 1000:.0f} kB: {self.seconds():.0f} s at fifty, "
            f"{self.seconds(SLOWEST_KEY):.0f} s at eighty"
        )

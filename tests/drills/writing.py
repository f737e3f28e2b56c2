"""Somebody who goes on writing while things break, and knows afterwards what the portal said it had kept."""

import threading
import time
from collections import Counter

from tests.drills.person import Answer, Form, Person, form_with

OWN_DOSSIER = """
    SELECT dossier.id FROM models_registry_dossier dossier
    JOIN organizations_post post ON post.unit_id = dossier.unit_id
    JOIN organizations_person person ON person.id = post.person_id
    WHERE person.username = %s AND dossier.state <> 'draft' ORDER BY dossier.id LIMIT 1
"""
A_PAGE = 10  # texts sent from one page as it stands
KEPT = "SELECT text, count(*) FROM models_registry_comment WHERE text LIKE %s GROUP BY text"


class Writer(threading.Thread):
    """Writes comments on a dossier of the own unit; a form that was not answered with success is sent again as it is.

    `kept` are the texts the portal said it had kept, `answers` how often each status came, `failures` what else than
    a page or a redirect came, `gap` the longest time in seconds between two texts kept.
    """

    def __init__(self, person: Person, name: str, *, pause: float = 0.3, most: int | None = None):
        super().__init__(daemon=True)
        self.person, self.mark, self.pause, self.most = person, f"drill-{name}", pause, most
        dossier = person.portal.one(OWN_DOSSIER, person.username)
        self.page, self.address = f"/registry/dossiers/{dossier}/", f"/registry/dossiers/{dossier}/comment/"
        self.kept: list[str] = []
        self.tried = 0
        self.answers: Counter = Counter()
        self.failures: list[Answer] = []
        self._form = Form()
        self.gap, self._last = 0.0, time.monotonic()
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set() and (self.most is None or len(self.kept) < self.most):
            text = f"{self.mark}-{self.tried}"
            if self._write(text):
                self._note(text)
            self._stop_asked.wait(self.pause)

    def _write(self, text: str) -> bool:
        """Fill the form and send it until it is taken; False when the writer is told to stop before that."""
        if self.tried % A_PAGE == 0:
            page = self._until(lambda: self.person.get(self.page), 200)
            if page is None:
                return False
            self._form = form_with(page.text, "text")
        fields = self._form.filled({"text": text})
        self.tried += 1
        return self._until(lambda: self.person.post(self.address, fields), 302) is not None

    def _until(self, ask, wanted: int) -> Answer | None:
        while True:
            answer = ask()
            self.answers[answer.status] += 1
            if answer.status == wanted:
                return answer
            self.failures.append(answer)
            if self._stop_asked.wait(0.3):
                return None

    def _note(self, text: str) -> None:
        now = time.monotonic()
        self.gap, self._last = max(self.gap, now - self._last), now
        self.kept.append(text)

    def __enter__(self) -> "Writer":
        self._last = time.monotonic()
        self.start()
        return self

    def __exit__(self, *args) -> None:
        self._stop_asked.set()
        self.join(timeout=90)

    def check(self) -> str:
        """Return how many texts were kept; raises unless each stands in the database once, and each failure was ours.

        A text whose form was never answered may stand there or not, but never twice.
        """
        portal = self.person.portal
        stored = dict(portal.rows(KEPT, f"{self.mark}-%"))
        lost = [text for text in self.kept if text not in stored]
        doubled = {text: times for text, times in stored.items() if times > 1}
        assert not lost, f"said to be kept and lost: {lost[:5]}"
        assert not doubled, f"kept twice: {doubled}"
        unplain = [answer for answer in self.failures if answer.status is not None and not answer.is_ours]
        assert not unplain, f"not our page: {unplain[0].status} {unplain[0].text[:300]}"
        assert self.kept, "nothing was kept at all"
        said = f"{len(self.kept)} forms kept, each once"
        if self.failures:
            told = sum(answer.status is not None for answer in self.failures)
            said += f" ({told} answered by our error page, {len(self.failures) - told} by nobody, all sent again)"
        return said

"""Advice on what is being written, never an error: rules over a dossier's content. Plain functions, no queries.

Each rule yields what it found as (key of `describing.describe`, passage). What is alike elsewhere needs others'
sentences: `signature` tells which to look for, `alike` judges two (queries/advice.py, services/known_sentences.py).
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext_lazy as _

from models_registry.measuring import is_measurable
from organizations.paths import STEP
from vietnamese.folding import fold

# Two sentences this alike after folding are one; shorter ones are phrases anybody may use.
ALIKE = 0.85
FEWEST_WORDS = 6
MOST_SENTENCES = 120
# A sentence is looked for as a whole and by at most so many of its runs of four words, a short one's of three: what is
# 85 % alike shares some, and few other sentences hold them.
MARKS = 16
COMPARED = (
    "situation",
    "goal",
    "learning",
    "following",
    "example_setting",
    "solutions",
    "resources",
    "upkeep",
    "spread",
)
_END = re.compile(r"[.!?;…]+(?:\s|$)|\n+")


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence as it was written, where it stands, and as it is compared."""

    key: str
    text: str
    folded: str

    @property
    def is_title(self) -> bool:
        return self.key == "title"


def without_due_day(content: dict) -> Iterator[tuple[str, str]]:
    for item in content["items"]:
        if item["title"].strip() and not item["ongoing"] and not item["due_on"]:
            yield f"item.{item['id']}", item["title"]


def without_amount(content: dict) -> Iterator[tuple[str, str]]:
    """Works and outputs that nobody could count: no number with a unit, neither in its fields nor in words."""
    for item in content["items"]:
        counted = item["expected_value"] is not None and item["measure"]
        if item["expected_result"].strip() and not counted and not is_measurable(item["expected_result"]):
            yield f"item.{item['id']}", item["expected_result"]
    for output in content["outputs"]:
        if output["value"] is None and not is_measurable(output["name"]):
            yield f"output.{output['id']}", output["name"]


Rule = Callable[[dict], Iterator[tuple[str, str]]]
RULES: dict[str, tuple[Rule, str]] = {
    "due": (without_due_day, _("Việc này chưa có hạn hoàn thành. Nên đặt một ngày, hoặc chọn việc thường xuyên.")),
    "amount": (without_amount, _("Kết quả chưa đo đếm được. Nên nêu con số và đơn vị tính, ví dụ: 60 hộ.")),
}
ALIKE_SEEN = _(
    "Câu này giống câu “%(theirs)s” trong hồ sơ “%(title)s” của %(unit)s. Nên viết theo đúng việc của đơn vị mình."
)
ALIKE_UNSEEN = _("Câu này giống hồ sơ đã gửi của đơn vị khác. Nên viết theo đúng việc của đơn vị mình.")
LED_SEEN = _("Mô hình gần giống, “%(title)s”, đã do %(unit)s chủ trì. Nên hỏi để làm chung, tránh đăng ký hai lần.")
LED_UNSEEN = _("Một đơn vị khác cùng cấp trên đã chủ trì mô hình gần giống. Nên hỏi Ban để làm chung.")


def passages_of(content: dict) -> list[Passage]:
    """Return the sentences of a content that are compared with other units': never those of or on individuals."""
    texts = [(key, content["practice"].get(key, "")) for key in COMPARED]
    for item in content["items"]:
        if item["kind"] != "IND":
            texts += [(f"item.{item['id']}", item["title"]), (f"item.{item['id']}", item["expected_result"])]
    found = [Passage(key, one, compared(one)) for key, text in texts for one in sentences(text)]
    found = [one for one in found if len(one.folded.split()) >= FEWEST_WORDS]
    if content["kind"] == "practice_model" and content["title"].strip():
        found.insert(0, Passage("title", content["title"], compared(content["title"])))
    return found[:MOST_SENTENCES]


def sentences(text: str) -> list[str]:
    return [one.strip() for one in _END.split(text) if one.strip()]


def compared(text: str) -> str:
    """Return a sentence as it is compared: folded, bare of signs, every number the same."""
    return " ".join(re.sub(r"\d+", "0", re.sub(r"[^\w\s]", " ", fold(text))).split())


def scope_of(path: str, year: int) -> str:
    """Return within what the sentences of a unit, by its path, are compared: its whole tree in one plan year."""
    return f"{path[:STEP]}:{year}"


def signature(folded: str, scope: str) -> list[int]:
    """Return the marks a sentence is kept and looked for by in a scope: signed numbers of 64 bits, its own first."""
    words = folded.split()
    size = 4 if len(words) > 7 else 3
    runs = {" ".join(words[n : n + size]) for n in range(max(1, len(words) - size + 1))}
    chosen = sorted(runs - {folded}, key=_number)[:MARKS]
    return [_number(f"{scope}:{run}") for run in (folded, *chosen)]


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)


def alike(mine: str, theirs: str) -> bool:
    """Whether two folded sentences are at least 85 % the same."""
    matcher = _matcher(mine, theirs)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def percent_alike(mine: str, theirs: str) -> int:
    """Return how many whole percent two sentences are the same, as they are compared."""
    return int(100 * _matcher(compared(mine), compared(theirs)).ratio())


def _matcher(mine: str, theirs: str) -> SequenceMatcher:
    return SequenceMatcher(None, mine, theirs, autojunk=False)


def is_led_elsewhere(*, place: str, their_place: str, path: str, their_path: str, works_along: bool) -> bool:
    """Whether a model of a like title is the same one: in the same place, along one line of the tree, or shared."""
    one_line = path.startswith(their_path) or their_path.startswith(path)
    return works_along or one_line or bool(place and their_place and alike(compared(place), compared(their_place)))

"""The passport of one rate on paper: what it counts, n, N and X, where it comes from, and its every revision."""

from datetime import datetime

from django.utils.translation import gettext as _

from dashboards.choices import RATES
from dashboards.definitions import state_text, told
from models_registry.documents.paper import Heading, Paper, Paragraph, Part, Table, printable
from models_registry.documents.profiles import profile_for
from vietnamese.display import instant_text, number_text, quarter_text


def passport_paper(page: dict, *, at: datetime) -> Paper:
    """Return the page of one rate (`shown_passport`, or `shown_regrouped`) as a paper of one or two pages. No query."""
    unit, rate, passport = page["unit"], page["rate"], page["passport"]
    profile = profile_for(unit.kind, passport.tree_day)
    numbers = tuple(map(number_text, (rate.n, rate.base, rate.x)))
    lines = tuple(page.get("told") or told(passport))
    blocks = [
        Paragraph(str(page["definition"]), _("Nghĩa là: ")),
        Paragraph(page["choice"].kind_label, _("Loại việc: ")),
        Table(("n", "N", "X", _("Kết quả")), (25, 25, 25, 25), ((*numbers, rate.text),), middle=frozenset(range(4))),
        Heading(_("Lý lịch của số liệu")),
        Table((_("Điều cần biết"), _("Giá trị")), (32, 68), lines, middle=frozenset()),
    ]
    if len(page.get("editions", ())) > 1:
        rows = tuple(
            (
                state_text(one),
                instant_text(one.as_of),
                f"{of_it.text} ({number_text(of_it.n)}/{number_text(of_it.base)})",
            )
            for one, of_it in page["editions"]
        )
        heads = (_("Bản số liệu"), _("Số liệu đến"), _("Kết quả"))
        blocks += [Heading(_("Các bản của quý này")), Table(heads, (36, 32, 32), rows, middle=frozenset())]
    titles = (_("LÝ LỊCH SỐ LIỆU"), str(RATES[rate.code]), printable(unit.name))
    period = quarter_text(passport.quarter.number, passport.quarter.year)
    trace = _("%(period)s, %(state)s. In lúc %(at)s") % {
        "period": period,
        "state": page.get("state") or state_text(passport).lower(),
        "at": instant_text(at),
    }
    return Paper(" · ".join(titles), profile, (Part(titles, tuple(blocks)),), mark="", trace=trace)

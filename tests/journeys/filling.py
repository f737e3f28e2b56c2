"""What a visitor does with a form: types into fields by their labels, and presses buttons by their words."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

TODAY = dt.datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
LAST_DAY = dt.date(TODAY.year + TODAY.month // 12, TODAY.month % 12 + 1, 1) - dt.timedelta(days=1)


def day(one: dt.date) -> str:
    return one.strftime("%d/%m/%Y")


def write(within, texts: dict[str, str]) -> None:
    """Type into the fields by what their labels say."""
    for label, text in texts.items():
        within.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")).fill(text)


def press(page, words: str):
    """Press a button by its words; returns the answer to what it posted, not to what a page keeps by itself."""
    own = ("document", "xhr")
    with page.expect_response(lambda got: got.request.method == "POST" and got.request.resource_type in own) as answer:
        page.get_by_role("button", name=words, exact=True).click()
    return answer.value


def go_on(page) -> None:
    with page.expect_navigation():
        assert press(page, "Lưu và đi tiếp").status == 302


def refused(window, words: str, name: str) -> None:
    """Press a button in vain: 422, and the summary has the focus."""
    assert press(window.page, words).status == 422
    window.page.wait_for_selector(".error-summary")
    assert window.page.evaluate("document.activeElement.matches('[data-focus-errors]')")
    window.look(name)


def work(row, title: str, result: str) -> None:
    write(
        row,
        {
            "Rõ việc": title,
            "Rõ trách nhiệm": "Chi ủy",
            "Rõ tiến độ: bắt đầu": day(TODAY),
            "Rõ tiến độ: hoàn thành": day(LAST_DAY),
            "Rõ kết quả": result,
            "Số lượng": "1.200,5",
        },
    )
    row.get_by_label("Đơn vị tính", exact=True).select_option(label="m")


def by_keys(page, reached) -> None:
    """Press Tab until what has the focus is what is asked for."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(f"Tab never reached {reached}")


def named(name: str) -> str:
    return f"document.activeElement.name === '{name}'"


def saying(words: str) -> str:
    return f"document.activeElement.innerText?.trim().startsWith('{words}')"

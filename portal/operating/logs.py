"""How the log looks: one event, one line, whatever was typed into it; JSON for programs, plain for a person."""

import json
import logging
import re

from structlog.contextvars import merge_contextvars
from structlog.processors import ExceptionRenderer, TimeStamper
from structlog.stdlib import ProcessorFormatter, add_log_level, add_logger_name

# What ends a line, moves the cursor, is not seen or turns the reading order around, in one program or another.
TREACHEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def safe(text: str) -> str:
    r"""Return text with every character that could forge a line written as \u000a."""
    return TREACHEROUS.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _with_fields(logger, name, event: dict) -> dict:
    """Add what was logged as `extra={"fields": {…}}`."""
    return event | getattr(event["_record"], "fields", {})


def _as_json(logger, name, event: dict) -> str:
    return safe(json.dumps(event, ensure_ascii=False, default=str))


def _as_plain(logger, name, event: dict) -> str:
    """Return the line; a traceback follows it, each of its lines behind a bar that no message can begin with."""
    when, level, name, said = (event.pop(key) for key in ("timestamp", "level", "logger", "event"))
    trace = event.pop("exception", "")
    words = " ".join(f"{key}={safe(str(value))}" for key, value in event.items())
    line = f"{when} {level.upper()} {name}: {safe(str(said))}{'  ' if words else ''}{words}"
    return "\n".join([line, *(f"    | {safe(part)}" for part in trace.splitlines())])


def formatter(look: str) -> logging.Formatter:
    """Return the formatter for `json` or `plain`: every line carries what is bound to its request or task."""
    return ProcessorFormatter(
        foreign_pre_chain=[
            merge_contextvars,
            add_log_level,
            add_logger_name,
            TimeStamper(fmt="iso" if look == "json" else "%Y-%m-%d %H:%M:%S", utc=look == "json"),
            _with_fields,
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            ExceptionRenderer(),
            {"json": _as_json, "plain": _as_plain}[look],
        ],
    )

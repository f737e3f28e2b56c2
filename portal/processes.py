"""The processes of the portal, kept running together on one machine by supervisor."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

PROGRAMS = {
    "web": (
        "{python} -m gunicorn portal.wsgi --bind {address} --worker-class gthread --workers 2 --threads 4"
        " --graceful-timeout 60 --max-requests 5000 --max-requests-jitter 500 --no-control-socket"
    ),
    "worker": (
        "{python} -m celery -A portal worker --queues celery --concurrency 2 --loglevel INFO"
        " --without-gossip --without-mingle --without-heartbeat"
    ),
    # One process is enough for what takes a second at most.
    "quick": (
        "{python} -m celery -A portal worker --queues quick,closing --concurrency 1 --hostname quick@%h --loglevel INFO"
        " --without-gossip --without-mingle --without-heartbeat"
    ),
    "scheduler": "{python} -m celery -A portal beat --loglevel WARNING --pidfile=",
}

# How each kind of process is told to begin anew.
ANEW = {"gunicorn": signal.SIGHUP, "celery": signal.SIGTERM}

SUPERVISOR = """\
[supervisord]
nodaemon=true
silent=true
directory={base}
pidfile={var}/run/supervisord.pid
logfile={var}/log/supervisord.log
childlogdir={var}/log
"""

PROGRAM = """
[program:{name}]
command={command}
autorestart=true
startsecs=2
startretries=100
; The worker's children finish their task when the worker is told to end, and end with it when it does not.
stopasgroup=false
killasgroup=true
stopwaitsecs=25
redirect_stderr=true
stdout_logfile={var}/log/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


def start(address: str) -> subprocess.Popen:
    """Start web (on `address`), both workers and the scheduler; returns the supervisor, which ends all on SIGTERM."""
    var = settings.VAR_DIR.resolve()
    (var / "run").mkdir(parents=True, exist_ok=True)
    (var / "log").mkdir(exist_ok=True)
    configuration = var / "run" / "supervisord.conf"
    configuration.write_text(_configuration(address, var), encoding="utf-8")
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)]
    # Its own group: Ctrl-C reaches only run_portal, which passes it on once.
    return subprocess.Popen(command, start_new_session=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})  # noqa: S603


def begin_anew() -> list[str]:
    """Let the running portal take up new code without refusing anybody; returns what was told to, [] where none runs.

    The web's workers are followed by new ones and end with the request in hand; each of the others ends with the task
    in hand and is started again by the supervisor.
    """
    told = []
    for pid in _started():
        command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
        program = next((name for name, how in ANEW.items() if name in command), None)
        if program:
            os.kill(pid, ANEW[program])
            told.append(program)
    return told


def is_running() -> bool:
    """Whether `run_portal` runs this installation; what a service manager started is not known here."""
    return bool(_started())


def _started() -> list[int]:
    """Return the processes the supervisor of this installation keeps; [] where none runs."""
    try:
        supervisor = int((settings.VAR_DIR.resolve() / "run" / "supervisord.pid").read_text(encoding="ascii"))
        children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text(encoding="ascii")
    except (FileNotFoundError, ValueError):
        return []
    return [int(pid) for pid in children.split()]


def _configuration(address: str, var: Path) -> str:
    def quoted(text: str) -> str:
        return text.replace("%", "%%")

    parts = [SUPERVISOR.format(base=quoted(str(settings.BASE_DIR)), var=quoted(str(var)))]
    for name, command in PROGRAMS.items():
        filled = command.format(python=f'"{sys.executable}"', address=address, var=f'"{var}"')
        parts.append(PROGRAM.format(name=name, command=quoted(filled), var=quoted(str(var))))
    return "".join(parts)

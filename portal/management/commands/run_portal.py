import errno
import os
import signal
import socket
import subprocess
import time
from http.client import HTTPConnection

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from organizations.models import Unit
from portal import processes
from portal.sample_accounts import sample_password, worth_trying
from portal.scheduler import sync_schedule

START_LIMIT = 60  # seconds until the first page must answer


class Command(BaseCommand):
    help = "Starts web, worker and scheduler together on this machine, with sample data at the first start."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")
        parser.add_argument("--host", default="127.0.0.1")

    def handle(self, *, host, port, **options):
        port = port_number(port)
        refuse_taken(host, port)
        prepare()
        stopping = StopSignal()
        supervisor = processes.start(f"{host}:{port}")
        try:
            if wait_for_page(host, port, supervisor, stopping):
                self.stdout.write(welcome(host, port))
                # A log or a pipe would keep the address to itself until the end.
                self.stdout.flush()
                while supervisor.poll() is None and not stopping.seen:
                    time.sleep(0.2)
        finally:
            supervisor.terminate()
            supervisor.wait()
        if not stopping.seen:
            raise CommandError(f"Cổng thông tin đã dừng; xem {settings.VAR_DIR}/log. / The portal ended; see its logs.")
        self.stdout.write("Đã dừng. / Stopped.")


class StopSignal:
    """Remembers that Ctrl-C or SIGTERM came, in place of their default."""

    def __init__(self):
        self.seen = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._see)

    def _see(self, *_):
        self.seen = True


def port_number(given: str) -> int:
    """Return the port that was asked for; raises CommandError, in one line, when it is none."""
    if not (str(given).isdecimal() and 0 < int(given) < 65536):
        raise CommandError(f"“{given}” không phải là số cổng, hãy dùng một số từ 1 đến 65535. / Not a port number.")
    return int(given)


def refuse_taken(host: str, port: int) -> None:
    """Raise CommandError, in one line, when the address cannot be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            if refused.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Cổng {port} đang được dùng; hãy chạy PORT={port + 1} make run. / Port {port} is in use."
                ) from None
            raise CommandError(f"Không mở được {host}:{port}: {refused.strerror}. / Cannot listen there.") from None


def prepare() -> None:
    """Bring the database up to date, and fill it with the samples when it holds no unit yet (SAMPLES=0: never).

    Raises CommandError, in one line, when there is no database to write to.
    """
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as refused:
        said = str(refused).strip().splitlines()[0]
        raise CommandError(
            f"Không mở hoặc không ghi được cơ sở dữ liệu: {said} / The database cannot be used."
        ) from None
    sync_schedule()
    wanted = os.environ.get("SAMPLES", "1") != "0" and "load_samples" in get_commands()
    if wanted and not Unit.objects.exists():
        sample_password()
        call_command("load_samples")


def wait_for_page(host: str, port: int, supervisor: subprocess.Popen, stopping: StopSignal) -> bool:
    """Wait until a page is answered; False when the portal was stopped or does not come up."""
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and not stopping.seen and supervisor.poll() is None:
        connection = HTTPConnection(host, port, timeout=START_LIMIT)
        try:
            connection.request("GET", reverse(settings.LOGIN_URL))
            connection.getresponse()
            return True
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    return False


def welcome(host: str, port: int) -> str:
    """Return the address, and the sample accounts worth trying where there are samples."""
    lines = ["", f"  Cổng thông tin: http://{host}:{port}/", ""]
    if accounts := worth_trying(timezone.now()):
        lines += [f"  Mật khẩu chung của tài khoản mẫu: {sample_password()}", ""]
        lines += [f"  {post.person.username:<16} {_place(post)}" for post in accounts]
    return "\n".join([*lines, "", "  Ctrl-C để dừng. / Ctrl-C ends them all.", ""])


def _place(post) -> str:
    """Return the role and, where it has one, its unit."""
    return f"{post.get_role_display()}, {post.unit}" if post.unit else str(post.get_role_display())

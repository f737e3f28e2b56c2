"""Closes a period for each number read, every time in a process of its own whose id it answers with, to be killed."""

import os
import signal
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    from completion.tasks import close_period  # settings first

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the ended leave no trace, so that asking for them is enough
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            close_period(int(line))
            os._exit(0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

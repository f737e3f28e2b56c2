#!/usr/bin/env python
import errno
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as wrong:
        sys.exit(f"Cấu hình chưa đúng / wrong settings: {wrong}")
    except OSError as refused:
        if refused.errno not in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC):
            raise
        sys.exit(f"Không ghi được / cannot write: {refused.filename}: {refused.strerror}")


if __name__ == "__main__":
    main()

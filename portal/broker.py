"""The broker of a machine without Redis: messages are files of a folder, each of which appears there whole."""

import uuid
from pathlib import Path
from time import monotonic

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue, payload, **kwargs):
        """Write a message beside its name, and only then give it the name by which workers find it.

        kombu writes under that name: on a busy machine a worker took the file while it was empty, and died of it.
        """
        name = Path(self.data_folder_out) / f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        unfinished = name.with_suffix(".new")
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.replace(name)


class Transport(filesystem.Transport):
    Channel = Channel


def use() -> None:
    """Let every connection to files in this process be one of these."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"

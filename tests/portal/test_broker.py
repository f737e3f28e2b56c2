from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from portal.broker import Transport


@pytest.fixture
def channel(tmp_path):
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    with Connection("filesystem://", transport_options=folders | {"control_folder": str(tmp_path / "c")}) as connection:
        assert isinstance(connection.transport, Transport)
        yield connection.channel()


class Looking:
    """Looks, while it is being written, at what a worker would find."""

    def __init__(self, folder: Path):
        self.folder, self.found = folder, None

    def __json__(self) -> str:
        self.found = [one.name for one in self.folder.glob("*.msg")]
        return "seen"


def test_no_worker_finds_a_message_that_is_still_being_written(channel, tmp_path):
    looking = Looking(tmp_path)
    channel._put("celery", looking)
    assert looking.found == []
    assert len(list(tmp_path.glob("*.celery.msg"))) == 1


def test_each_message_is_had_once(channel):
    for number in range(3):
        channel._put("celery", {"number": number})
    assert sorted(channel._get("celery")["number"] for _ in range(3)) == [0, 1, 2]
    with pytest.raises(Empty):
        channel._get("celery")

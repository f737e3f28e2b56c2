"""Locked, listed, licensed, and asked about: what the portal is made of besides its own code."""

import http.server
import json
import os
import re
import subprocess
import sys
import threading

import pytest

from deploy import supply
from tests.servers.processes import ROOT
from tests.servers.valkey import nobody_there

BAD = "django"


def supply_of(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "deploy/supply.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


class _Feed(http.server.BaseHTTPRequestHandler):
    """A feed of vulnerabilities as OSV's: one is known against BAD."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        range_ = {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.1"}]}
        known = {"id": "PYSEC-0", "affected": [{"package": asked["package"], "ranges": [range_]}]}
        answer = json.dumps({"vulns": [known]} if asked["package"]["name"] == BAD else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def feed():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Feed) as listening:
        threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_address[1]}/"
        listening.shutdown()


def test_every_locked_package_has_its_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"\n(?=[a-z])", (ROOT / name).read_text(encoding="utf-8").strip())
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
        assert len(entries) == len(supply.locked(name)) > 50
    assert supply.locked("requirements.txt").items() <= supply.locked("requirements-dev.txt").items()


def test_the_bill_of_materials_names_every_locked_package_with_version_hash_and_licence(tmp_path):
    bill = tmp_path / "bill.json"
    assert supply_of("sbom", str(bill)).returncode == 0
    told = json.loads(bill.read_text(encoding="utf-8"))
    assert told["bomFormat"] == "CycloneDX" and told["metadata"]["component"]["name"] == "lam-theo-bac"
    assert {one["name"].lower(): one["version"] for one in told["components"]} == supply.locked("requirements.txt")
    assert all(one["externalReferences"][0]["hashes"] and one["licenses"] for one in told["components"])


def test_a_licence_nobody_has_looked_at_is_refused_and_a_known_one_is_not():
    found = {"one": {"License": "MIT"}, "two": {"License": "BSD License; GNU Affero GPL"}, "qrcode": {"License": "?"}}
    (refused,) = supply.refusals(found)
    assert refused.startswith("two: “BSD License; GNU Affero GPL”")


def test_what_is_known_against_a_locked_version_is_told_and_a_service_out_of_reach_is_not_silence(feed, tmp_path):
    lock = tmp_path / "lock.txt"
    entries = re.split(r"\n(?=[a-z])", (ROOT / "requirements.txt").read_text(encoding="utf-8"))
    lock.write_text("\n".join(entry for entry in entries if entry.startswith((f"{BAD}==", "celery=="))))
    known = supply_of("audit", str(lock), PIP_AUDIT_OSV_URL=feed)
    assert known.returncode == 1 and "PYSEC-0 (99.1)" in known.stdout and "2 gói đã kiểm tra, 1 lỗ hổng" in known.stdout
    silent = supply_of("audit", str(lock), PIP_AUDIT_OSV_URL=nobody_there().replace("redis", "http"))
    assert (silent.returncode, "CHƯA KIỂM TRA" in silent.stdout) == (supply.NOT_ASKED, True)

"""What the portal is made of besides its own code: licences, the bill of materials, known vulnerabilities.

deploy/supply.py licences          write docs/licences.md
deploy/supply.py licences --check  fail where it is not what is locked, or a licence is none we take
deploy/supply.py sbom FILE         write a CycloneDX bill of materials of requirements.txt
deploy/supply.py audit             ask a service what is known against the locked versions:
                                   0 nothing, 1 something (told), 3 no service could be reached, nothing was asked
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LISTED = ROOT / "docs" / "licences.md"
BESIDE = Path(sys.executable).parent
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
NOT_ASKED = 3

# Licences under which a program of any licence may be run and handed on beside the package.
TAKEN = {
    "0BSD", "Apache-2.0", "Apache Software License", "BSD License", "BSD-2-Clause", "BSD-3-Clause",
    "ISC License (ISCL)", "MIT", "MIT License", "MIT-0", "MIT-CMU", "PSF-2.0", "Python Software Foundation License",
    # A change to one of its own files is handed on under it; we change none.
    "MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)",
}  # fmt: skip
# What is taken under another, and why it may be.
JUDGED = {
    "axe-playwright-python": "MIT theo kho mã nguồn; gói không ghi. Chỉ dùng khi kiểm thử.",
    "psycopg2-binary": "LGPL: dùng như thư viện, không sửa, ai cũng thay được bản khác.",
    "pyphen": "Ba giấy phép tùy chọn; dùng theo MPL 1.1, không sửa.",
    "python-crontab": "LGPL: dùng như thư viện, không sửa, ai cũng thay được bản khác.",
    "qrcode": "BSD; phần “Other” là ghi công của thư viện gốc, cùng điều kiện.",
    "supervisor": "BSD của Repoze: như BSD, giữ dòng bản quyền.",
}
HEAD = """\
# Giấy phép của các gói

Do `make licences` viết ra từ các gói đã khóa; `make check` báo khi có gói mới mang giấy phép chưa ai xem (danh sách
được nhận và lý do của từng ngoại lệ: `deploy/supply.py`). Phiên bản và mã băm: `requirements.txt`,
`requirements-dev.txt`; danh mục thành phần theo CycloneDX: `make sbom`.

Ngoài các gói này, máy chủ cần của Debian: Python 3.11 (PSF), Pango và HarfBuzz để có PDF (LGPL, MIT), phông Liberation
(OFL); tùy chọn PostgreSQL (PostgreSQL License), Redis (AGPL-3.0 hoặc RSAL, SSPL từ bản 7.4) hay Valkey (BSD), nginx
(BSD), ClamAV (GPL-2.0); để kiểm thử trình duyệt: Chromium (BSD). Đó là những chương trình riêng mà cổng chỉ nói chuyện.

"""


def locked(name: str) -> dict[str, str]:
    """Return {package: version} of a lock, packages in lower case with dashes."""
    found = LOCKED.findall((ROOT / name).read_text(encoding="utf-8"))
    return {_plain(package): version for package, version in found}


def licences_of(packages: set[str]) -> dict[str, dict]:
    """Return {package: {"License": …}} of what is installed of these."""
    said = _run("pip-licenses", "--format=json", "--from=mixed", "--with-system")
    return {name: one for one in json.loads(said.stdout) if (name := _plain(one["Name"])) in packages}


def refusals(found: dict[str, dict]) -> list[str]:
    """Return a sentence for each package whose licence nobody has looked at."""
    return [
        f"{name}: “{one['License']}” chưa có trong danh sách được nhận / is no licence we take yet"
        for name, one in sorted(found.items())
        if name not in JUDGED and not _atoms(one["License"]) <= TAKEN
    ]


def _atoms(licence: str) -> set[str]:
    """Return what a licence is made of: all of it must be taken, even where one could choose."""
    return {part.strip() for part in re.split(r"; | AND | OR ", licence)}


def listing(found: dict[str, dict], running: set[str]) -> str:
    rows = [
        f"| {name} | {one['License']} | {'chạy' if name in running else 'phát triển'} | {JUDGED.get(name, '')} |"
        for name, one in sorted(found.items())
    ]
    return HEAD + "\n".join(["| gói | giấy phép | dùng để | ghi chú |", "|---|---|---|---|", *rows, ""])


def licences(*, check: bool) -> int:
    running, everything = set(locked("requirements.txt")), set(locked("requirements-dev.txt"))
    found = licences_of(everything)
    wrong = refusals(found)
    wrong += [f"{name} chưa được cài / is not installed" for name in sorted(everything - found.keys())]
    text = listing(found, running)
    if check and not wrong and LISTED.read_text(encoding="utf-8") != text:
        wrong = ["docs/licences.md không còn khớp với các gói đã khóa: make licences / is not what is locked"]
    if not check and not wrong:
        LISTED.write_text(text, encoding="utf-8")
    print("\n".join(wrong))
    return int(bool(wrong))


def sbom(path: str) -> int:
    """Write the bill of materials: each locked package with its hashes and licence; the same for the same lock."""
    options = ["--pyproject", "pyproject.toml", "--output-reproducible", "--no-validate"]
    said = _run("cyclonedx-py", "requirements", "requirements.txt", *options)
    bill = json.loads(said.stdout)
    found = licences_of(set(locked("requirements.txt")))
    for component in bill["components"]:
        if one := found.get(_plain(component["name"])):
            component["licenses"] = [{"license": {"name": one["License"]}}]
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(bill, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{path}: {len(bill['components'])} gói / packages")
    return 0


def audit(lock: str = "requirements.txt") -> int:
    """Ask the first service that can be reached; PIP_AUDIT_OSV_URL names one of one's own."""
    services = ["osv"] if "PIP_AUDIT_OSV_URL" in os.environ else ["pypi", "osv"]
    answers = (_asked(lock, service) for service in services)
    told = next((told for told in answers if told is not None), None)
    if told is None:
        print("CHƯA KIỂM TRA: không với tới dịch vụ tra lỗ hổng nào từ máy này. Hãy chạy lại ở nơi có mạng.")
        print("NOT CHECKED: no vulnerability service can be reached from here.")
        return NOT_ASKED
    known = [(one, harm) for one in told for harm in one.get("vulns", [])]
    skipped = [one["name"] for one in told if "skip_reason" in one]
    for one, harm in known:
        mended = ", ".join(harm["fix_versions"]) or "chưa có bản sửa / no fix yet"
        print(f"{one['name']} {one['version']}: {harm['id']} ({mended})")
    if skipped:
        print(f"CHƯA KIỂM TRA / NOT CHECKED: {', '.join(skipped)}")
    print(f"{len(told) - len(skipped)} gói đã kiểm tra, {len(known)} lỗ hổng đã biết / checked, known vulnerabilities")
    return 1 if known else NOT_ASKED if skipped else 0


def _asked(lock: str, service: str) -> list[dict] | None:
    """Return what a service says of every package; None where it cannot be reached, or knows none of them."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        options = ["-r", lock, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--timeout", "10"]
        _run("pip-audit", *options, "-s", service, "-f", "json", "-o", str(told), cache=folder)
        try:
            found = json.loads(told.read_text(encoding="utf-8"))["dependencies"]
        except (OSError, ValueError):
            return None
        return found if any("skip_reason" not in one for one in found) else None


def _run(program: str, *arguments: str, cache: str = "") -> subprocess.CompletedProcess:
    environment = os.environ | ({"XDG_CACHE_HOME": cache} if cache else {})
    command = [str(BESIDE / program), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str]) -> int:
    match arguments:
        case ["licences"]:
            return licences(check=False)
        case ["licences", "--check"]:
            return licences(check=True)
        case ["sbom", path]:
            return sbom(path)
        case ["audit", *lock]:
            return audit(*lock)
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

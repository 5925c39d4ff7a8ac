"""Files that are made to harm: bombs, paths, links, encryption; and any bytes at all."""

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archives import container
from connectors.archives.container import Damaged, Refused, Single, Zip, opened
from connectors.archives.making import zipped

ROOT = Path(__file__).resolve().parents[3]


def refused(content: bytes) -> str:
    with pytest.raises(Refused) as error:
        Zip(io.BytesIO(content))
    assert error.value.why in Refused.REASONS
    return error.value.why


def with_flags(content: bytes, flags: int) -> bytes:
    """Return the zip with the flags of its first entry in the list of members changed."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + struct.pack("<H", flags) + content[at + 2 :]


def test_a_member_that_unpacks_to_too_much_is_not_read() -> None:
    files = Zip(io.BytesIO(zipped({"zeros.json": b"0" * (4 * 2**20)})))
    with pytest.raises(Refused) as error:
        files.open("zeros.json")
    assert error.value.why == "bomb"


def test_what_is_unpacked_of_all_members_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MOST_UNPACKED_BYTES", 100_000)
    noise = bytes(range(256)) * 200
    files = Zip(io.BytesIO(zipped({f"{n}.json": noise for n in range(3)})))
    assert len(files.open("0.json").read()) == len(noise)
    with pytest.raises(Refused) as error:
        files.open("1.json").read()
    assert error.value.why == "bomb"


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    content = zipped({"a.json": b"x" * 5000})
    at = content.index(b"PK\x01\x02") + 24
    short = content[:at] + struct.pack("<I", 10) + content[at + 4 :]
    with pytest.raises(Damaged):
        Zip(io.BytesIO(short)).open("a.json").read()


def test_encrypted_files_are_refused_kindly() -> None:
    assert refused(with_flags(zipped({"a.json": b"x"}), 1)) == "encrypted"


def test_too_many_members_are_refused_before_their_list_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = zipped({f"{n}.json": b"" for n in range(50)})
    monkeypatch.setattr(container, "MOST_MEMBERS", 49)
    assert refused(many) == "members"
    monkeypatch.setattr(container, "MOST_DIRECTORY_BYTES", 500)
    assert refused(many) == "members"


def test_members_that_share_their_bytes_are_refused() -> None:
    content = zipped({"a.json": b"x" * 300, "b.json": b"y" * 300})
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 1)
    # The second entry points at the first one's bytes.
    same = content[: second + 42] + struct.pack("<I", 0) + content[second + 46 :]
    assert refused(same) == "overlap"


def test_names_that_lead_elsewhere_links_and_archives_are_never_opened() -> None:
    out = io.BytesIO()
    link = zipfile.ZipInfo("link.json")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(out, "w") as file:
        for name in ("../up.json", "/etc/passwd", "C:\\x.json", "a/../../b.json", "..\\c.json"):
            file.writestr(name, b"x")
        file.writestr(link, b"/etc/passwd")
        file.writestr("inner.zip", zipped({"a.json": b"x"}))
        file.writestr("notes.tar.gz", b"x")
        file.writestr("strange.json", b"x" * 100, zipfile.ZIP_LZMA)
        file.writestr("fine.json", b"{}")
    files = Zip(io.BytesIO(out.getvalue()))
    assert files.names == ("fine.json",)
    why = dict(files.unsafe)
    assert list(why.values()).count("unsafe") == 6
    assert why["inner.zip"] == why["notes.tar.gz"] == "nested"
    assert why["strange.json"] == "unknown"


def test_a_single_file_has_no_path() -> None:
    assert Single(io.BytesIO(b"x"), "../../etc/passwd").names == ("passwd",)
    assert Single(io.BytesIO(b"x"), "C:\\Users\\vera\\outbox.json").names == ("outbox.json",)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for name in ("x.zip", "repo.car"):
        try:
            with opened(io.BytesIO(content), name) as files:
                for member in files.names:
                    files.open(member).read()
        except (Refused, Damaged):
            pass


@given(st.integers(0, 100_000), st.integers(0, 255), st.integers(1, 4))
def test_a_zip_with_any_byte_changed_is_read_or_refused(at: int, value: int, count: int) -> None:
    """Whatever is changed, nothing but our two words comes out, and never more than is there."""
    content = bytearray(_GOOD)
    for step in range(count):
        content[(at + step * 31) % len(content)] = value
    total = 0
    try:
        files = Zip(io.BytesIO(bytes(content)))
        for member in files.names:
            try:
                total += len(files.open(member).read(2**20))
            except Damaged:
                continue
    except Refused:
        return
    assert total <= 2**20


_GOOD = zipped({f"data/{n}.json": b'[{"a": 1}]' * (n + 1) for n in range(6)})

_MEASURED = """
import resource, sys, zipfile
sys.path.insert(0, {root!r})
from pathlib import Path
from connectors.archives import registry
from connectors.archives.understood import OwnPost
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
posts = 0
with registry.detected(Path({path!r}), "x.zip") as found:
    for record in found.importer.read(found.files):
        posts += isinstance(record, OwnPost)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(posts, after - before)
"""


def large_archive(path: Path, megabytes: int) -> int:
    """Write an X archive that unpacks to so much, a piece at a time; return how many posts."""
    row = (
        '{"tweet":{"id_str":"%d","created_at":"Wed May 06 12:00:00 +0000 2020","lang":"en",'
        '"full_text":"Concrete has patience, and so do I. %s #architecture","entities":{"a":"%s"}}}'
    )
    padding = "".join(f"{n:04x}" for n in range(1200))
    each = len(row % (10**18, "x" * 20, padding)) + 1
    count = megabytes * 2**20 // each
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("data/tweets.js", "w", force_zip64=True) as member,
    ):
        member.write(b"window.YTD.tweets.part0 = [")
        for start in range(0, count, 1000):
            rows = [
                row % (10**18 + n, f"{n * 7919:020x}", padding)
                for n in range(start, min(start + 1000, count))
            ]
            member.write((("," if start else "") + ",".join(rows)).encode())
        member.write(b"]")
    return count


def test_a_large_archive_is_read_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    count = large_archive(path, 300)
    script = _MEASURED.format(root=str(ROOT), path=str(path))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True
    )
    posts, grown_kb = map(int, done.stdout.split())
    assert posts == count
    # Far below the 300 MB that stand in the file.
    assert grown_kb < 60_000

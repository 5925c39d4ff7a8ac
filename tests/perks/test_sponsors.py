"""Sponsors: invited, describing perks, uploading codes, watching; and what the operator does."""

import csv
import io
import struct
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from connectors import crypto
from people import erasure
from people.models import Person, User
from perks import claims, codes, exports, keeping, pictures, sponsoring, waiting
from perks.models import Change, Claim, Code, Complaint, Invitation, Member, Perk, Sponsor
from tests.conftest import signed_in
from tests.perks.claimants import YES, crowd, firm_all, perk, sponsor

TOMORROW = (timezone.now() + timedelta(days=1)).date().isoformat()
FILLED = {
    "title": "Coffee for a month",
    "summary": "Four bags",
    "kind": "code",
    "linked_days": "14",
    "claim_until": TOMORROW,
    "least_score": "30",
    "networks": ["bluesky"],
    "countries": ["NO"],
}


def user_of(person: Person) -> User:
    assert person.owner is not None
    return person.owner


@pytest.fixture
def member(alice: Person) -> Person:
    """Alice, who acts for Fjord Coffee."""
    Member.objects.create(sponsor=sponsor(), user=user_of(alice))
    return alice


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 400)) -> bytes:
    written = io.BytesIO()
    drawn = Image.new("RGB", size, (10, 90, 90))
    exif = Image.Exif()
    exif[0x010E] = "taken at Storgata 1"
    drawn.save(written, kind, exif=exif)
    return written.getvalue()


def uploaded(data: bytes, name: str = "codes.csv") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


@pytest.mark.django_db(transaction=True)
def test_an_invitation_works_once_for_whoever_has_the_link(alice: Person, bob: Person) -> None:
    first = sponsoring.invite(sponsor(), "New@Example.org", None)
    old = mail.outbox[0].body.split("http://127.0.0.1:8000")[1].split()[0]
    sponsoring.invite(sponsor(), "new@example.org", None)
    link = mail.outbox[1].body.split("http://127.0.0.1:8000")[1].split()[0]
    client = signed_in(alice)
    assert client.get(old).status_code == 404
    assert client.get(link.replace("join/", "join/x")).status_code == 404
    assert Client().get(link)["Location"].startswith("/accounts/login/")
    assert "Act for Fjord Coffee" in client.get(link).content.decode()
    assert not Member.objects.exists()
    assert client.get("/sponsor/").status_code == 404
    assert client.post(link)["Location"] == "/sponsor/"
    assert signed_in(bob).post(link).status_code == 404
    assert Member.objects.get().user == alice.owner
    assert not Invitation.objects.filter(pk=first.pk).exists()
    late = sponsoring.invite(sponsor(), "late@example.org", None)
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now())
    link = mail.outbox[2].body.split("http://127.0.0.1:8000")[1].split()[0]
    assert client.get(link).status_code == 404


@pytest.mark.django_db
def test_a_perk_from_its_draft_to_its_end(member: Person, bob: Person, charlie: Person) -> None:
    client, stranger = signed_in(member), signed_in(charlie)
    new = f"/sponsor/{sponsor().pk}/new/"
    assert stranger.get(new).status_code == 404
    assert Client().get(new)["Location"].startswith("/accounts/login/")
    wrong = {**FILLED, "least_score": "60", "most_score": "20", "topics": "no such topic"}
    page = client.post(new, wrong)
    assert page.status_code == 400
    for words in ("below the least one", "We know no topic called"):
        assert words in page.content.decode()
    asked = client.post(new, {**FILLED, "step": "estimate"}).content.decode()
    assert "Fewer than 20 people" in asked
    assert not Perk.objects.exists()
    saved = client.post(new, {**FILLED, "picture": SimpleUploadedFile("a.png", picture())})
    offer = Perk.objects.get()
    path = f"/sponsor/perks/{offer.pk}/"
    assert saved["Location"] == path
    assert (offer.state, offer.least_score, offer.networks) == ("draft", 30, ["bluesky"])
    # A draft is nobody's to see; a preview is its sponsor's.
    assert stranger.get(f"/perks/{offer.slug}/").status_code == 404
    assert "A score of 30 or more" in client.get(f"{path}preview/").content.decode()
    for page_of in ("", "edit/", "preview/", "claims.csv"):
        assert stranger.get(path + page_of).status_code == 404
    for button in ("state/", "codes/", "addresses.csv", "sent/", "edit/"):
        assert stranger.post(path + button, {"state": "published"}).status_code == 404
    early = client.post(f"{path}state/", {"state": "published"}, follow=True).content.decode()
    assert "There are no codes yet" in early
    client.post(f"{path}codes/", uploaded(b"code\nA-1\nA-2\n"))
    client.post(f"{path}state/", {"state": "published"})
    client.post(f"{path}state/", {"state": "published"})
    assert signed_in(bob).get(f"/perks/{offer.slug}/").status_code == 200
    # Published: the rules stay, whatever is posted; the words may change.
    client.post(f"{path}edit/", {**FILLED, "title": "Coffee", "least_score": "1", "kind": "link"})
    offer.refresh_from_db()
    assert (offer.title, offer.least_score, offer.kind, offer.stock) == ("Coffee", 30, "code", 2)
    client.post(f"{path}state/", {"state": "paused"})
    assert signed_in(bob).get("/perks/").content.decode().count(offer.slug) == 0
    client.post(f"{path}state/", {"state": "closed"})
    again = client.post(f"{path}state/", {"state": "published"}, follow=True).content.decode()
    assert "A closed perk stays closed" in again
    assert client.post(f"{path}state/", {"state": "draft"}).status_code == 404
    audit = Change.objects.filter(perk_id=offer.pk, table="perk").order_by("pk")
    assert {row.by_id for row in audit} == {member.owner_id}
    states = [row.columns["state"][1] for row in audit if "state" in row.columns]
    assert states == ["draft", "published", "paused", "closed"]
    # The stock of codes is in the audit too, the codes are not.
    assert [0, 2] in [row.columns.get("stock") for row in audit]
    assert "A-1" not in str([row.columns for row in audit])


@pytest.mark.django_db
def test_a_draft_that_becomes_one_of_codes_has_the_stock_of_its_codes(member: Person) -> None:
    client = signed_in(member)
    linked = {**FILLED, "kind": "link", "link": "https://coffee.example.org/", "stock": "50"}
    assert client.post(f"/sponsor/{sponsor().pk}/new/", linked).status_code == 302
    offer = Perk.objects.get()
    assert offer.stock == 50
    path = f"/sponsor/perks/{offer.pk}/"
    assert client.post(f"{path}edit/", {**linked, "link": "http://a.example"}).status_code == 400
    client.post(f"{path}edit/", {**FILLED, "stock": "50"})
    client.post(f"{path}codes/", uploaded(b"A-1\n"))
    offer.refresh_from_db()
    assert (offer.kind, offer.stock, bytes(offer.link)) == ("code", 1, b"")
    assert keeping.wrong_stock() == []


@pytest.mark.django_db
def test_ten_thousand_codes_with_one_bad_row_import_nothing_and_without_it_all() -> None:
    offer = perk()
    rows = [f"CODE-{n:05}" for n in range(10_000)]
    bad = [*rows[:7_000], "two,columns", *rows[7_000:]]
    with pytest.raises(codes.BadFile) as why:
        codes.upload(offer.pk, "\n".join(bad).encode(), None)
    assert why.value.wrong == [codes.Wrong(7_001, "more than one column")]
    assert not Code.objects.exists()
    waiting.wait(crowd(1)[0], offer.pk)
    # As a spreadsheet on Windows saves it, with a heading.
    assert codes.upload(offer.pk, "\r\n".join(["Code", *rows]).encode("utf-8-sig"), None) == 10_000
    offer.refresh_from_db()
    assert (offer.stock, offer.taken) == (10_000, 1)
    first = Code.objects.order_by("pk")[0]
    assert b"CODE" not in bytes(first.secret)
    assert crypto.decrypt_text(first.secret) == "CODE-00000"
    # The same file again: every line is told, and nothing is there twice.
    with pytest.raises(codes.BadFile) as why:
        codes.upload(offer.pk, b"NEW-1\nCODE-00003\nCODE-00001\n", None)
    assert [(row.line, row.reason) for row in why.value.wrong] == [
        (2, "this code was uploaded before"),
        (3, "this code was uploaded before"),
    ]
    assert Code.objects.count() == 10_000
    assert codes.upload(offer.pk, "Ny kode\nÆØÅ\n".encode("utf-16"), None) == 2
    assert codes.upload(offer.pk, b"code-00001\n", None) == 1
    assert keeping.wrong_stock() == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "no code"),
        (b"code\n\n", "no code"),
        (b"A\nB\nA\n", "[Wrong(line=3, reason='the same code as in line 1')]"),
        (b"A;B\n", "more than one column"),
        (b"A\n" + b"x" * 101 + b"\n", "longer than 100 characters"),
        ("A\nB\u200b\n".encode(), "signs that cannot be seen"),
        (b'A\n"B\n', "quotation marks"),
        (b"\xff\x00A", "UTF-8"),
        ("Å".encode("latin-1"), "UTF-8"),
        (b"PK\x03\x04\x00\x00", "UTF-8"),
        (b"A" * 2_000_001, "larger than 2 MB"),
        (b"\n".join(b"%d" % n for n in range(50_001)), "50,000"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(data: bytes, told: str) -> None:
    with pytest.raises(codes.BadFile) as why:
        codes.parsed(data)
    assert told in f"{why.value} {why.value.wrong}"


@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_cell_of_a_table_begins_a_formula(cells: list[str]) -> None:
    text = exports.table(["a"], [cells]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for cell in (cell for row in rows for cell in row):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.django_db
def test_a_sponsor_watches_without_learning_who_claimed(member: Person, bob: Person) -> None:
    offer = perk(codes=2)
    firm_all([bob])
    mine = claims.claim(bob, offer.pk, YES)
    claims.show(bob, mine.pk)
    claims.mark_used(bob, mine.pk)
    claims.rate(bob, mine.pk, 5, '=HYPERLINK("http://evil.example";"Win")')
    client = signed_in(member)
    page = client.get(f"/sponsor/perks/{offer.pk}/").content.decode()
    assert "5.0 of 5, from 1 ratings" in page
    table = client.get(f"/sponsor/perks/{offer.pk}/claims.csv")
    assert table["Content-Type"].startswith("text/csv")
    body = table.content.decode("utf-8-sig")
    assert "\"'=HYPERLINK" in body
    for seen in (page, body):
        for private in ("Bob", "bob", "COFFEE-"):
            assert private not in seen
    sponsor().is_active, offer.sponsor.is_active = False, False
    offer.sponsor.save()
    assert client.post(f"/sponsor/perks/{offer.pk}/state/", {"state": "paused"}).status_code == 404


@pytest.mark.django_db
def test_addresses_reach_the_sponsor_only_with_consent_and_go_when_sent(
    member: Person, bob: Person
) -> None:
    offer = perk(kind="address", stock=2)
    firm_all([bob])
    given = {
        "name": "+Bob",
        "street": "Storgata 1",
        "postcode": "0155",
        "place": "Oslo",
        "land": "NO",
    }
    claims.claim(bob, offer.pk, claims.Answers(agreed=True, address=given, agreed_address=True))
    client, path = signed_in(member), f"/sponsor/perks/{offer.pk}/"
    assert "Storgata" not in client.get(path).content.decode()
    assert client.get(f"{path}addresses.csv").status_code == 405
    table = client.post(f"{path}addresses.csv").content.decode("utf-8-sig")
    assert '"\'+Bob","Storgata 1","0155","Oslo","NO"' in table
    with pytest.raises(claims.TooLate):
        claims.cancel(bob, Claim.objects.get().pk)
    sent = client.post(f"{path}sent/", {"all": "yes"}, follow=True).content.decode()
    assert "1 parcel is marked as sent." in sent
    assert "Storgata" not in client.post(f"{path}addresses.csv").content.decode()
    assert keeping.expire(timezone.now() + timedelta(days=91))["addresses"] == 1


@pytest.mark.django_db
def test_pictures_are_decoded_and_drawn_anew(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR = tmp_path
    for kind in ("PNG", "JPEG", "WEBP"):
        data = picture(kind)
        name = pictures.store(pictures.checked(io.BytesIO(data), len(data)))
        for width in pictures.WIDTHS:
            path = pictures.path_of(name, width)
            assert path is not None
            assert b"Storgata" not in path.read_bytes()
            with Image.open(path) as kept:
                assert (kept.format, kept.size) == ("WEBP", (width, width * 9 // 16))
                assert not kept.getexif()
    answer = Client().get(f"/perks/pictures/{name}-480.webp")
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()
    for other in (f"{name}-481", f"{'0' * 32}-480", "..%2f..%2fsecret-480"):
        assert Client().get(f"/perks/pictures/{other}.webp").status_code == 404
    pictures.remove(name)
    assert pictures.path_of(name, 480) is None


def test_what_is_no_picture_is_refused_with_a_reason() -> None:
    # A small file whose head claims 60,000 by 60,000 pixels.
    small = picture("PNG", (320, 180))
    head = b"IHDR" + struct.pack(">II", 60_000, 60_000) + small[24:29]
    bomb = small[:12] + head + struct.pack(">I", zlib.crc32(head)) + small[33:]
    for data, told in (
        (b"<svg onload=alert(1)>", "not a JPEG"),
        (b"GIF89a" + bytes(100), "not a JPEG"),
        (b"\x89PNG\r\n\x1a\n<script>", "not a JPEG"),
        (picture("JPEG")[:900], "damaged"),
        (picture("PNG", (100, 100)), "smaller than"),
        (bomb, "40 million"),
        (b"", "not a JPEG"),
    ):
        with pytest.raises(pictures.NoPicture, match=told):
            pictures.checked(io.BytesIO(data), len(data))
    with pytest.raises(pictures.NoPicture, match="5 MB"):
        pictures.checked(io.BytesIO(b""), 5_000_001)


@pytest.mark.django_db
def test_an_operator_acts_by_the_admin_and_every_action_is_in_the_audit(
    alice: Person, bob: Person, charlie_client: Client
) -> None:
    firm_all([alice, bob])
    offer = perk(codes=2)
    mine = claims.claim(alice, offer.pk, YES)
    shown = claims.claim(bob, offer.pk, YES)
    claims.show(bob, shown.pk)
    Complaint.objects.create(perk=offer, person=bob, reason="other", words="Hm.")
    operator = User.objects.create_superuser("operator@example.org", "correct horse battery")
    client = Client()
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    assert charlie_client.get("/admin/perks/perk/").status_code == 302

    def act(model: str, action: str, *rows: int) -> None:
        data = {"action": action, "_selected_action": [str(row) for row in rows]}
        assert client.post(f"/admin/perks/{model}/", data).status_code == 302

    act("claim", "take_back", mine.pk, shown.pk)
    act("complaint", "pause_perk", Complaint.objects.get().pk)
    act("perk", "publish", offer.pk)
    act("sponsor", "deactivate", offer.sponsor_id)
    act("sponsor", "activate", offer.sponsor_id)
    client.post("/admin/perks/sponsor/add/", {"name": "Tea House", "is_active": "on"})
    tea = Sponsor.objects.get(name="Tea House")
    client.post("/admin/perks/invitation/add/", {"sponsor": tea.pk, "email": "t@example.org"})
    assert Invitation.objects.get().by == operator
    mine.refresh_from_db()
    shown.refresh_from_db()
    assert (mine.state, shown.state) == ("cancelled", "claimed")
    assert keeping.wrong_stock() == []
    changes = {(row.table, row.what) for row in Change.objects.filter(by=operator)}
    assert changes == {
        ("claim", "update"),
        ("perk", "update"),
        ("complaint", "update"),
        ("sponsor", "update"),
        ("sponsor", "insert"),
        ("invitation", "insert"),
    }
    for page in ("perk", "claim", "sponsor", "complaint", "invitation", "member", "change"):
        answer = client.get(f"/admin/perks/{page}/?q=a").content.decode()
        assert "COFFEE-" not in answer
    for page in (f"claim/{shown.pk}", f"perk/{offer.pk}"):
        answer = client.get(f"/admin/perks/{page}/change/").content.decode()
        assert "COFFEE-" not in answer
        assert 'name="address"' not in answer
    assert client.post(f"/admin/perks/claim/{shown.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/perks/code/").status_code == 404
    # Who acted goes with their erasure; what was done stays.
    person = Person.objects.create(owner=operator, slug="operator", name="O")
    count = Change.objects.count()
    erasure.erase(person)
    assert Change.objects.count() >= count
    assert not Change.objects.filter(by__isnull=False, by_id=operator.pk).exists()

"""Everything that is held about a person can be given out, and goes."""

import json

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, models
from django.test import Client

from connectors.models import Account
from people import erasure, opt_out
from people.models import ConsentEvent, OptOut, Person, Session, User
from tests.people.everything import FACTORIES, Somebody, everything_about, models_about_people
from tests.people.traces import in_broker, in_files, in_tables

MARKER = "zebrafink"
OTHER = "quetzalbird"


@pytest.fixture
def somebody(db: None) -> Somebody:
    return everything_about(MARKER)


def test_every_model_of_every_app_is_registered() -> None:
    assert erasure.unregistered_models() == []


def test_a_model_that_nobody_registered_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    registered = {model: entry for model, entry in erasure._models.items() if model is not Person}
    monkeypatch.setattr(erasure, "_models", registered)
    assert erasure.unregistered_models() == [Person]


def test_every_model_about_people_has_a_factory_for_this_walk() -> None:
    missing = [model._meta.label for model in models_about_people() if model not in FACTORIES]
    assert missing == []


def test_the_walk_finds_the_marker_before_anything_is_erased(somebody: Somebody) -> None:
    """Else an empty walk would prove nothing."""
    found = in_tables(MARKER)
    tables = {name.split(".")[0] for name in found}
    for model in (User, Person, ConsentEvent, Account):
        assert model._meta.db_table in tables
    assert len(tables) > 15


def test_erasing_leaves_nothing_that_names_the_person(somebody: Somebody) -> None:
    erasure.erase(somebody.the(Person))
    assert in_tables(MARKER) == set()
    assert in_broker(MARKER) == set()
    assert in_files(MARKER) == set()


def test_erasing_leaves_no_row_of_the_person_or_the_accounts(somebody: Somebody) -> None:
    """Numbers name as well as words do: no table keeps those of the person's own rows."""
    numbers = {
        "person_id": somebody.the(Person).pk,
        "account_id": somebody.the(Account).pk,
        "owner_id": somebody.the(User).pk,
        "user_id": somebody.the(User).pk,
        "asked_by_id": somebody.the(User).pk,
    }
    assert _rows_with(numbers)
    erasure.erase(somebody.the(Person))
    assert _rows_with(numbers) == []


def _rows_with(numbers: dict[str, int]) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND column_name = ANY(%s)",
            [list(numbers)],
        )
        for table, column in cursor.fetchall():
            # The sign-in library has an account_id of its own, of another kind of account.
            if (table, column) == ("socialaccount_socialtoken", "account_id"):
                continue
            quoted = connection.ops.quote_name(table), connection.ops.quote_name(column)
            query = "SELECT count(*) FROM {} WHERE {} = %s".format(*quoted)  # noqa: S608
            cursor.execute(query, [numbers[column]])
            if cursor.fetchone() != (0,):
                found.append(f"{table}.{column}")
    return found


def test_erasing_one_person_leaves_every_row_of_another(somebody: Somebody) -> None:
    other = everything_about_another()
    before = in_tables(OTHER)
    erasure.erase(somebody.the(Person))
    assert in_tables(OTHER) == before
    for rows in other.rows.values():
        for row in rows:
            assert type(row)._default_manager.filter(pk=row.pk).exists(), row


def everything_about_another() -> Somebody:
    from django.contrib.auth.models import Group

    Group.objects.filter(name="operators").update(name="first operators")
    return everything_about(OTHER)


def test_erasing_twice_changes_nothing_and_raises_nothing(somebody: Somebody) -> None:
    person = somebody.the(Person)
    erasure.erase(person)
    assert set(erasure.erase(person).values()) == {0}


def test_a_user_with_another_profile_keeps_the_sign_in(somebody: Somebody) -> None:
    user = somebody.the(User)
    brand = Person.objects.create(owner=user, slug="a-brand", name="A brand", kind="brand")
    erasure.erase(somebody.the(Person))
    assert User.objects.filter(pk=user.pk).exists()
    assert Session.objects.filter(user=user).exists()
    erasure.erase(brand)
    assert in_tables(MARKER) == set()


def test_what_is_asked_to_stay_away_stays_as_a_keyed_hash_only(somebody: Somebody) -> None:
    account = somebody.the(Account)
    erasure.erase(somebody.the(Person), keep_opt_out=True)
    assert in_tables(MARKER) == set()
    assert OptOut.objects.filter(expires_at__isnull=True).exists()
    assert opt_out.is_opted_out("sample", account.native_id)
    assert opt_out.is_opted_out("sample", account.handle)


def test_a_store_that_fails_leaves_every_row_for_another_try(
    somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(person: Person) -> int:
        raise ConnectionError

    monkeypatch.setitem(
        erasure._stores, "down", erasure.Held("down", export=lambda person: (), erase=down)
    )
    before = in_tables(MARKER)
    with pytest.raises(ConnectionError):
        erasure.erase(somebody.the(Person))
    assert in_tables(MARKER) == before


def test_a_store_outside_the_database_is_given_out_and_emptied(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cache entry and a file stand for whatever a later part keeps outside PostgreSQL."""
    # A word of its own: all workers share the folder, and others look there for theirs.
    marker = "bergfink"
    person = everything_about(marker).the(Person)
    path = settings.VAR_DIR / f"notes-{person.pk}.txt"
    key = f"notes:{person.pk}"
    path.write_text(marker)
    cache.set(key, marker)

    def forget(person: Person) -> int:
        path.unlink(missing_ok=True)
        return int(cache.delete(key))

    monkeypatch.setitem(
        erasure._stores,
        "notes",
        erasure.Held("notes", export=lambda person: [{"note": cache.get(key)}], erase=forget),
    )
    assert in_files(marker)
    assert in_broker(marker)
    assert erasure.export_everything(person)["notes"] == [{"note": marker}]
    erasure.erase(person)
    assert in_files(marker) == set()
    assert in_broker(marker) == set()


def test_the_export_holds_something_of_every_table(somebody: Somebody) -> None:
    exported = erasure.export_everything(somebody.the(Person))
    assert json.loads(json.dumps(exported)) == exported
    assert {model._meta.label for model in FACTORIES} <= exported.keys()
    assert MARKER in json.dumps(exported)


def test_the_export_holds_no_secrets(somebody: Somebody) -> None:
    text = json.dumps(erasure.export_everything(somebody.the(Person)))
    user = somebody.the(User)
    assert user.password not in text
    assert somebody.the(Session).session_key not in text
    for label in ("mfa.Authenticator", "socialaccount.SocialToken", "connectors.Credential"):
        rows = erasure.export_everything(somebody.the(Person)).get(label, [])
        assert not any({"data", "token", "token_secret", "secret"} & row.keys() for row in rows)


def test_the_export_holds_nothing_of_others(somebody: Somebody) -> None:
    everything_about_another()
    assert OTHER not in json.dumps(erasure.export_everything(somebody.the(Person)))


def test_sign_in_attempts_leave_no_name_in_the_broker(somebody: Somebody, client: Client) -> None:
    user = somebody.the(User)
    for _ in range(3):
        client.post("/accounts/login/", {"login": user.email, "password": "wrong"})
    assert in_broker(MARKER) == set()


def test_plain_rows_are_serialisable_for_every_model(somebody: Somebody) -> None:
    for rows in somebody.rows.values():
        for row in rows:
            assert isinstance(row, models.Model)
            json.dumps(erasure.plain(row))

"""What a test commits is gone before the next one, whatever refers to what."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection

from people.models import Person, User
from perks.models import Change, Member, Sponsor
from tests.emptying import empty_tables
from tests.scoring import world


@pytest.mark.django_db(transaction=True)
def test_rows_go_from_every_table_and_rights_stay(alice: Person) -> None:
    rights = Permission.objects.count()
    account = world.account(alice, synced=date(2026, 3, 1))
    world.react(account, world.reactors(2), [date(2026, 2, 28), date(2026, 3, 1)])
    Member.objects.create(sponsor=Sponsor.objects.create(name="Sparkle"), user=User.objects.get())
    assert Change.objects.exists()
    empty_tables()
    full = [model for model in apps.get_models() if model._default_manager.exists()]
    assert {model._meta.app_label for model in full} == {"auth", "contenttypes"}
    assert Permission.objects.count() == rights > 0
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)

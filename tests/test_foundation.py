import pytest
from django.db import connection
from django.core.cache import cache


@pytest.mark.django_db
def test_servers_answer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        print(cursor.fetchone())
    cache.set("a", 1)
    assert cache.get("a") == 1

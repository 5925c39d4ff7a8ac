"""Everything that is held about a person can be given out, and goes."""

from people import erasure
from people.models import Person, User


def test_erasing_a_person_removes_the_profile_and_the_sign_in(alice: Person) -> None:
    erasure.erase(alice)
    assert not Person.objects.filter(pk=alice.pk).exists()
    assert not User.objects.exists()
    assert erasure.erase(alice).keys()

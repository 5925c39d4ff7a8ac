"""Lists of people that a user keeps: customers, competitors, a team. Seen by their owner only."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from people.models import Person, User

MOST_LISTS, MOST_MEMBERS = 20, 500
NAME_CHARACTERS = 80


class PersonList(models.Model):
    """One list of a user."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="lists")
    # 1 to MOST_LISTS: with its constraint, the database itself keeps there from being more.
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=NAME_CHARACTERS)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "place"], name="list_place"),
            models.UniqueConstraint("owner", Lower("name"), name="list_name"),
            models.CheckConstraint(
                name="list_place_within", condition=models.Q(place__range=(1, MOST_LISTS))
            ),
        )

    def __str__(self) -> str:
        return f"list {self.pk}"


class ListMember(models.Model):
    """Somebody on a list: a person here, or a handle that is still to be looked up."""

    list = models.ForeignKey(PersonList, on_delete=models.CASCADE, related_name="members")
    # 1 to MOST_MEMBERS, as above.
    place = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    # What the owner wrote, until it is a person here; "" afterwards.
    network = models.CharField(max_length=32, blank=True, default="")
    handle = models.CharField(max_length=255, blank=True, default="")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["list", "place"], name="member_place"),
            models.UniqueConstraint(
                fields=["list", "person"],
                name="member_person",
                condition=models.Q(person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["list", "network", "handle"],
                name="member_handle",
                condition=models.Q(person__isnull=True),
            ),
            models.CheckConstraint(
                name="member_place_within", condition=models.Q(place__range=(1, MOST_MEMBERS))
            ),
            models.CheckConstraint(
                name="member_is_person_or_handle",
                condition=models.Q(person__isnull=False, network="", handle="")
                | (models.Q(person__isnull=True) & ~models.Q(network="") & ~models.Q(handle="")),
            ),
        )
        indexes = (
            # people.lists.forget_handle and due look-ups: handles that wait.
            models.Index(
                fields=["network", "handle"],
                name="member_waiting",
                condition=models.Q(person__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"member {self.pk} of list {self.list_id}"

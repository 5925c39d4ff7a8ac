"""What people drop here of their own: the rows. Shown to their owner, and part of no score.

These rows stand apart from the accounts of connectors.models on purpose: nothing that scores,
ranks or shows people to others reads them, so a forged archive changes nothing but its owner's
own pages (docs/decisions: own files stand apart).
"""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Person


class Upload(models.Model):
    """A dropped file on its way: received, read, looked at, imported; then it is deleted."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Read: look at it")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Not imported")

    # The file is there, and a worker has something to do.
    UNDER_WAY: ClassVar[tuple[str, ...]] = ("reading", "importing")

    # Names the file, too: nothing of what its owner called it is part of a path.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="uploads")
    file_name = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.READING)
    # Why it was refused: a word of connectors.archives.container.Refused, or "failed".
    why = models.CharField(max_length=16, blank=True, default="")
    # A key of connectors.archives.registry.IMPORTERS, "" until it was read.
    format = models.CharField(max_length=32, blank=True, default="")
    # connectors.archives.summary.Summary, as far as it was read.
    summary = models.JSONField(default=dict)
    # Records taken in so far by the work under way, and of how many (0: not known yet).
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    # When a worker last said that it is at it.
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (
            # works_due: what a worker has to do and none is at.
            models.Index(
                fields=["touched_at"],
                name="upload_under_way",
                condition=models.Q(state__in=["reading", "importing"]),
            ),
            # expire: files that nobody decided about.
            models.Index(fields=["created_at"], name="upload_created"),
        )

    def __str__(self) -> str:
        return f"upload {self.pk}"


class ProbableAccount(models.Model):
    """An account that a linked account's profile points at, or that Wikidata names beside it."""

    class ToldBy(models.TextChoices):
        PROFILE = "profile", _("The profile of a linked account")
        WIKIDATA = "wikidata", _("Wikidata")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="probable_accounts")
    told_by = models.CharField(
        max_length=8, choices=ToldBy.choices, default=ToldBy.PROFILE, db_default="profile"
    )
    # Whose profile has the link, or beside which account Wikidata names it.
    account = models.ForeignKey(
        "connectors.Account", on_delete=models.CASCADE, related_name="points_at"
    )
    network = models.CharField(max_length=32)
    # Native id or handle, in lower case.
    key = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    url = models.URLField(max_length=500)
    verified = models.BooleanField(default=False)
    # Whether the other profile has a link to this one; None: not known.
    points_back = models.BooleanField(null=True)
    noted_at = models.DateTimeField(default=timezone.now)
    # Set where the person said that it is not theirs: never offered again.
    dismissed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "network", "key"], name="probable_account_of_person"
            ),
        )

    def __str__(self) -> str:
        return f"probable account {self.pk}"


class OwnAccount(models.Model):
    """The account that an imported file says it is of; the file proves nothing."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="own_accounts")
    # An id of connectors.registry, whether or not there is a row.
    network = models.CharField(max_length=32)
    # Native id, else handle, else "": what tells two accounts of a person there apart.
    key = models.CharField(max_length=255, blank=True, default="")
    native_id = models.CharField(max_length=255, blank=True, default="")
    handle = models.CharField(max_length=255, blank=True, default="")
    name = models.CharField(max_length=200, blank=True, default="")
    # None until a whole file was imported: before that nothing of it is shown.
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "network", "key"], name="own_account_of_person"
            ),
        )

    def __str__(self) -> str:
        return f"own account {self.pk}"


class OwnPost(models.Model):
    """A post of an imported file: when, where, what its text had; not the text."""

    account = models.ForeignKey(OwnAccount, on_delete=models.CASCADE, related_name="posts")
    native_id = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    url = models.URLField(max_length=500, blank=True, default="")
    hashtags = models.JSONField(default=list)
    language = models.CharField(max_length=16, blank=True, default="")
    length = models.IntegerField(default=0)
    is_reply = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "native_id"], name="own_post_native_id"),
        )

    def __str__(self) -> str:
        return f"own post {self.pk}"


class OwnDay(models.Model):
    """How often something was done on a day, as a file tells; by or to whom is not kept."""

    account = models.ForeignKey(OwnAccount, on_delete=models.CASCADE, related_name="days")
    # None: the file does not say when.
    day = models.DateField(null=True)
    kind = models.SmallIntegerField()
    direction = models.SmallIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account", "day", "kind", "direction"],
                name="own_day_of_kind",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"own day {self.pk}"

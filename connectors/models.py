"""Rows about accounts on networks and what was fetched of them."""

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Person, User


class Account(models.Model):
    """A person's presence on one network."""

    class Status(models.TextChoices):
        LINKED = "linked", _("Linked by its owner")
        OPEN = "open", _("Looked up from open data")
        # No longer fetched; what was counted stays with the person and fades.
        UNLINKED = "unlinked", _("Unlinked by its owner")

    class State(models.TextChoices):
        NEW = "new", _("Waiting for the first sync")
        SYNCING = "syncing", _("Syncing")
        OK = "ok", _("Up to date")
        RETRY = "retry", _("The network did not answer; trying again")
        LIMITED = "limited", _("The network asks us to wait")
        BUDGET = "budget", _("This month's budget is spent")
        OPERATOR = "operator", _("Waits for the operator of this site")
        RELINK = "relink", _("Access has expired")
        GONE = "gone", _("Not there any more")
        BROKEN = "broken", _("The network's answer could not be read")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="accounts")
    # A key of connectors.registry.NETWORKS (checked there: no migration for a new network).
    network = models.CharField(max_length=32)
    native_id = models.CharField(max_length=255)
    server = models.CharField(max_length=255, blank=True, default="")
    handle = models.CharField(max_length=255)
    name = models.CharField(max_length=200, blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    # The network's number for who gave us access to it (Proof.granted_by), kept after unlinking.
    granted_by = models.CharField(max_length=64, blank=True, default="", db_default="")
    status = models.CharField(max_length=8, choices=Status.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    # One plain English sentence for operators; never a secret, never a raw payload. Pages say what
    # `state` and `resume_at` mean, in the language of the reader.
    state_detail = models.CharField(max_length=300, blank=True, default="")
    # Nothing is asked of the network for this account before then.
    resume_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    linked_at = models.DateTimeField(null=True, blank=True)
    # What the network compares the next fetch's questions with (ETags), by question; of the last
    # fetch that finished.
    validators = models.JSONField(null=True, blank=True)
    # When the first whole history was stored; its days keep their own dates.
    first_synced_at = models.DateTimeField(null=True, blank=True)
    last_synced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["network", "native_id"], name="account_native_id"),
        )
        indexes = (
            # look-up by handle on a network, whatever its case.
            models.Index(Lower("handle"), "network", name="account_handle_network"),
            # search as one types.
            GinIndex(fields=["handle"], opclasses=["gin_trgm_ops"], name="account_handle_trigrams"),
            # connectors.deletions: whose access a network says was taken back.
            models.Index(
                fields=["network", "granted_by"],
                name="account_granted_by",
                condition=~models.Q(granted_by=""),
            ),
        )

    def __str__(self) -> str:
        return f"account {self.pk} on {self.network}"


class Credential(models.Model):
    """What lets us read an account for its owner, encrypted under TOKEN_KEYS."""

    class Kind(models.TextChoices):
        TOKEN = "token", _("OAuth token")
        APP_PASSWORD = "app_password", _("App password")
        PROOF_CODE = "proof_code", _("Code in the profile text")
        NONE = "none", _("Proof of ownership only")

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="credential")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Fernet token of a JSON object {"access": …, "refresh": …}; empty for NONE.
    secret = models.BinaryField(default=b"")
    scopes = models.CharField(max_length=500, blank=True, default="")
    expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"credential {self.pk}"


class ServerApp(models.Model):
    """Our OAuth registration at one server of a federated network, its secret encrypted."""

    network = models.CharField(max_length=32)
    server = models.CharField(max_length=255)
    client_id = models.CharField(max_length=255)
    secret = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["network", "server"], name="server_app"),)

    def __str__(self) -> str:
        return f"app {self.pk} on {self.server}"


class DeletionRequest(models.Model):
    """A network's request to erase what was read by somebody's access; of whom is not kept."""

    # Made from the request (connectors.deletions.code_of): the same one again is the same row.
    code = models.CharField(max_length=32, primary_key=True)
    network = models.CharField(max_length=32)
    received_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # expire_rows: requests whose page has been there long enough.
            models.Index(fields=["received_at"], name="deletion_request_received"),
        )

    def __str__(self) -> str:
        return f"deletion request of {self.network}"


class Reactor(models.Model):
    """Somebody who acted on an account. The key is random: without this row it names nobody."""

    key = models.BigIntegerField(primary_key=True)
    network = models.CharField(max_length=32)
    native_id = models.CharField(max_length=255)
    handle = models.CharField(max_length=255)
    name = models.CharField(max_length=200, blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    # Public audience when last seen; None: the network does not say.
    followers = models.BigIntegerField(null=True)
    following = models.BigIntegerField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["network", "native_id"], name="reactor_native_id"),
        )

    def __str__(self) -> str:
        return f"reactor {self.pk}"


class Snapshot(models.Model):
    """An account's counts on a day; a key that is missing or null is unknown, 0 is zero."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="snapshots")
    day = models.DateField()
    counts = models.JSONField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "day"], name="snapshot_account_day"),
        )

    def __str__(self) -> str:
        return f"snapshot {self.pk}"


class Post(models.Model):
    """Something an account published."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="posts")
    native_id = models.CharField(max_length=255)
    created_at = models.DateTimeField()
    url = models.URLField(max_length=500, blank=True, default="")
    # Fernet token of the text where the network's policy allows keeping it, until text_until.
    text = models.BinaryField(default=b"")
    text_until = models.DateTimeField(null=True)
    features = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "native_id"], name="post_account_native_id"),
        )
        indexes = (
            # recent posts of an account: sync, moments.
            models.Index(fields=["account", "-created_at"], name="post_account_created"),
            # expire_rows: texts whose time is over.
            models.Index(
                fields=["text_until"],
                name="post_text_until",
                condition=models.Q(text_until__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"post {self.pk}"


class Interaction(models.Model):
    """Somebody acted on an account or its post, or the account acted.

    The table is partitioned by month of `day` (migration 0002); rows are written by
    connectors.store only. Account, post and reactor are plain numbers: a reactor's row may be
    erased while the interaction stays and counts anonymously.
    """

    pk = models.CompositePrimaryKey("day", "account_id", "dedupe_key")
    account_id = models.BigIntegerField()
    # 63-bit hash of the interaction's native id: the same one fetched twice is one row.
    dedupe_key = models.BigIntegerField()
    # The UTC day that it counts on, fixed when first stored (connectors.days).
    day = models.DateField()
    direction = models.SmallIntegerField()
    kind = models.SmallIntegerField()
    provenance = models.SmallIntegerField()
    reactor_key = models.BigIntegerField()
    # connectors_post.id, or None (a follow, a mention elsewhere).
    post_id = models.BigIntegerField(null=True)
    # The reactor's public audience as told with the interaction; None unknown.
    reactor_followers = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "connectors_interaction"

    def __str__(self) -> str:
        return f"interaction {self.dedupe_key}"


class AnonymousDay(models.Model):
    """How often a post was acted on in a way on a day, where the network does not tell by whom.

    The table is partitioned by month of `day` (migration 0005); rows are written by
    connectors.anonymous only.
    """

    pk = models.CompositePrimaryKey("day", "account_id", "post_id", "kind")
    day = models.DateField()
    account_id = models.BigIntegerField()
    # connectors_post.id; the post may be gone.
    post_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    # By how much the post's count rose and fell.
    added = models.BigIntegerField()
    removed = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "connectors_anonymousday"

    def __str__(self) -> str:
        return f"counts of post {self.post_id} on {self.day}"


class FetchState(models.Model):
    """One account's sync of one day: the hand-over to workers and the progress, as a row."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        STARTED = "started", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("To be tried again")
        GIVEN_UP = "given_up", _("Given up for this day")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="fetches")
    day = models.DateField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # Records stored so far, for the progress bar; {"posts": 12, "interactions": 340, …}.
    stored = models.JSONField(default=dict)
    # The class name of the error (Retry, Relink, …) and its sentence, where one happened.
    error = models.CharField(max_length=32, blank=True, default="")
    error_detail = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["account", "day"], name="fetch_account_day"),
        )
        indexes = (
            # sync_due_accounts: what is not done, by when it may be tried.
            models.Index(
                fields=["next_attempt_at"],
                name="fetch_not_done",
                condition=~models.Q(status__in=["done", "given_up"]),
            ),
        )

    def __str__(self) -> str:
        return f"fetch {self.pk}"


class Spending(models.Model):
    """What a calendar month at a network that charges has cost: the site (no person), a person."""

    network = models.CharField(max_length=32)
    # The first day of the UTC month.
    month = models.DateField()
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="spending")
    # Millionths of a US dollar, with what questions under way may still cost (connectors.costs).
    micro_usd = models.BigIntegerField(default=0)
    # Rows that the network returned.
    rows = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            # connectors.costs: one row for each purse.
            models.UniqueConstraint(
                fields=["network", "month", "person"],
                name="spending_of_month",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"spending {self.pk}"


class ClosedDay(models.Model):
    """A UTC day that has been scored: late interactions go to the first open day after it."""

    day = models.DateField(primary_key=True)
    closed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.day)


class Lookup(models.Model):
    """Somebody asked for an account by handle; its progress and its answer."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        PROFILE = "profile", _("Asking for the profile")
        SYNCING = "syncing", _("Reading public posts and reactions")
        SCORING = "scoring", _("Computing the score")
        DONE = "done", _("Done")
        UNAVAILABLE = "unavailable", _("Cannot be shown")

    FINISHED: ClassVar[tuple[str, ...]] = ("done", "unavailable")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    network = models.CharField(max_length=32)
    # The handle as understood (lower case, with server); removed with the row after a day.
    handle = models.CharField(max_length=255)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # a negative answer is kept a day: the newest look-up of a handle.
            models.Index(fields=["network", "handle", "-created_at"], name="lookup_handle"),
        )

    def __str__(self) -> str:
        return f"look-up {self.pk}"


# Rows of people's own files stand in a module of their own; Django looks for models here.
from connectors.own_files import OwnAccount, OwnDay, OwnPost, ProbableAccount, Upload  # noqa: E402

__all__ = [
    "Account",
    "AnonymousDay",
    "ClosedDay",
    "Credential",
    "FetchState",
    "Interaction",
    "Lookup",
    "OwnAccount",
    "OwnDay",
    "OwnPost",
    "Post",
    "ProbableAccount",
    "Reactor",
    "ServerApp",
    "Snapshot",
    "Spending",
    "Upload",
]

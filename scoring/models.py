"""Rows of the score: what was rolled up, the runs, the scores, and what explains them.

The four big tables are partitioned by month of `day` (migration 0002) and written by COPY
from scoring.daily only.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Person


class PairDay(models.Model):
    """How often one reactor acted on one account in one way on one day.

    Everything about reactions that a score needs can be recomputed from these rows under any
    model version: weights are applied on reading, the trust class is of the day itself.
    """

    pk = models.CompositePrimaryKey("day", "account_id", "reactor_key", "kind")
    day = models.DateField()
    account_id = models.BigIntegerField()
    reactor_key = models.BigIntegerField()
    kind = models.SmallIntegerField()
    # 0 unknown, 1–7 from the least to the most trusted (scoring.core.trust).
    trust_class = models.SmallIntegerField()
    count = models.IntegerField()

    class Meta:
        managed = False
        db_table = "scoring_pairday"

    def __str__(self) -> str:
        return f"pair of account {self.account_id} on {self.day}"


class PostDay(models.Model):
    """How many distinct people of each trust class acted on a post on a day."""

    pk = models.CompositePrimaryKey("day", "account_id", "post_id", "kind", "trust_class")
    day = models.DateField()
    account_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    trust_class = models.SmallIntegerField()
    people = models.IntegerField()

    class Meta:
        managed = False
        db_table = "scoring_postday"

    def __str__(self) -> str:
        return f"post {self.post_id} on {self.day}"


class ScoreRun(models.Model):
    """One run of the daily scoring for one closed day under one model version."""

    class Status(models.TextChoices):
        STARTED = "started"
        DONE = "done"

    day = models.DateField()
    model_version = models.CharField(max_length=32)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.STARTED)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    people_count = models.IntegerField(default=0)
    interactions_count = models.BigIntegerField(default=0)
    # Accounts whose fetch of that day was given up or still missing.
    missing_accounts_count = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["day", "model_version"], name="score_run_day_version"),
        )

    def __str__(self) -> str:
        return f"run of {self.day}"


# Longest text of what changed with a version, in characters.
NOTE_CHARACTERS = 2000


class ModelVersion(models.Model):
    """A version of the model that was previewed or published; published rows never change.

    A trigger (migration 0004) refuses it; only `computed_until` is set once, when the next version
    is published.
    """

    version = models.CharField(max_length=32, unique=True)
    # SHA-256 of the parameters, the weighted signals and the networks that are combined.
    digest = models.CharField(max_length=64)
    # What changed, for everybody to read.
    note_en = models.TextField(max_length=NOTE_CHARACTERS, blank=True, default="")
    note_nb = models.TextField(max_length=NOTE_CHARACTERS, blank=True, default="")
    previewed_at = models.DateTimeField(null=True, blank=True)
    # The numbers of scoring.moved.Moved; of nobody in particular.
    preview = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)
    # First day on which it is shown; the first version's is 0001-01-01.
    published_from = models.DateField(null=True, blank=True, unique=True)
    # Last day that is computed under it: the first one of its successor.
    computed_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="model_version_published",
                condition=models.Q(
                    published_at__isnull=True,
                    published_from__isnull=True,
                    computed_until__isnull=True,
                )
                | models.Q(published_at__isnull=False, published_from__isnull=False),
            ),
            models.CheckConstraint(
                name="model_version_digest", condition=models.Q(digest__regex="^[0-9a-f]{64}$")
            ),
        )

    def __str__(self) -> str:
        return f"version {self.version}"


class Score(models.Model):
    """A person's score of a day under a model version, unrounded, with its 80 % band."""

    pk = models.CompositePrimaryKey("day", "person_id", "model_version")
    day = models.DateField()
    person_id = models.BigIntegerField()
    model_version = models.CharField(max_length=32)
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    provisional = models.BooleanField()
    # Person mass M (scoring.md, 4.7): tomorrow's trust is read from it.
    mass = models.FloatField()
    # True for the version that pages show on that day.
    shown = models.BooleanField()
    # Class of the person's own reactions from the next day on (scoring.core.trust), 0–7.
    trust_class = models.SmallIntegerField(default=0)

    class Meta:
        managed = False
        db_table = "scoring_score"

    def __str__(self) -> str:
        return f"score of person {self.person_id} on {self.day}"


class Explanation(models.Model):
    """What a score is made of, packed: the inputs and parts of scoring.core.parts.Parts."""

    pk = models.CompositePrimaryKey("day", "person_id", "model_version")
    day = models.DateField()
    person_id = models.BigIntegerField()
    model_version = models.CharField(max_length=32)
    body = models.JSONField()

    class Meta:
        managed = False
        db_table = "scoring_explanation"

    def __str__(self) -> str:
        return f"explanation of person {self.person_id} on {self.day}"


class Moment(models.Model):
    """A post that moved its author's score, and by how many points so far."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="moments")
    account_id = models.BigIntegerField()
    post_id = models.BigIntegerField()
    model_version = models.CharField(max_length=32)
    # Day on which the post brought most.
    day = models.DateField()
    points = models.FloatField()
    people_count = models.IntegerField()
    # Points of each day, {"2026-03-01": 0.4}: a day that is scored again replaces its own.
    days = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post_id", "model_version"], name="moment_post"),
            models.CheckConstraint(
                name="moment_points_finite",
                condition=models.Q(points__gte=0) & models.Q(points__lte=100),
            ),
        )
        indexes = (
            # the moments of a person, greatest first.
            models.Index(fields=["person", "-points"], name="moment_person_points"),
        )

    def __str__(self) -> str:
        return f"moment {self.pk}"


class Discount(models.Model):
    """Something of an account that was not counted in full over some days, and why.

    Written with each day's scores. Days up to a week apart are one row; who appealed keeps it.
    """

    class Kind(models.TextChoices):
        # The values of scoring.core.integrity.DiscountKind.
        RECIPROCITY = "reciprocity", _("reactions inside a group that reacts to one another")
        SMALL_ACCOUNTS = "small_accounts", _("reactions of many very small accounts")
        FOLLOWER_STEP = "follower_step", _("followers who came at once, without reactions")
        HELD_COUNT = "held_count", _("a count that could not be believed")
        SERVER = "server", _("what a server of no standing says of its own account")
        PLUS_K = "plus_k", _("+K that was returned, or of a group that reacts to one another")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="discounts")
    account_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField()
    # By how much the score of the day `until` was lower.
    points = models.FloatField()
    # Numbers for the sentence on the page; nothing of anybody else.
    reason = models.JSONField(default=dict)
    # Set by an operator: from this day on the kind is not discounted for the account, for a year.
    lifted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account_id", "kind", "since"], name="discount_account_kind_since"
            ),
            models.CheckConstraint(
                name="discount_kind",
                condition=models.Q(
                    kind__in=(
                        "reciprocity",
                        "small_accounts",
                        "follower_step",
                        "held_count",
                        "server",
                        "plus_k",
                    )
                ),
            ),
            models.CheckConstraint(
                name="discount_days", condition=models.Q(until__gte=models.F("since"))
            ),
            # NaN sorts above every number, so the upper bound refuses it too.
            models.CheckConstraint(
                name="discount_points",
                condition=models.Q(points__gte=0) & models.Q(points__lte=100),
            ),
        )
        indexes = (
            # discounts_for: one person's, newest first.
            models.Index(fields=["person", "-until"], name="discount_person_until"),
            # The daily run: what was lifted.
            models.Index(
                fields=["lifted_on"],
                name="discount_lifted",
                condition=models.Q(lifted_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"discount {self.pk}"


class ServerStanding(models.Model):
    """What a server of a federated network is worth by the newest scored day.

    For the first scores of a person between two daily runs; these find it anew each day. Of
    servers with standing or with an account here, known ones left out.
    """

    network = models.CharField(max_length=32)
    server = models.CharField(max_length=255)
    day = models.DateField()
    # Ordinary people who act on its accounts from outside (scoring.core.servers).
    standing = models.FloatField()
    # The mass up to which each of its accounts counts; None: each in full.
    level = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["network", "server"], name="server_standing"),
            # NaN sorts above every number, so an upper bound refuses it too.
            models.CheckConstraint(
                name="server_standing_finite",
                condition=models.Q(standing__gte=0, standing__lte=1e12)
                & (models.Q(level__isnull=True) | models.Q(level__gte=0, level__lte=1e18)),
            ),
        )

    def __str__(self) -> str:
        return f"standing of {self.server} on {self.network}"


# Longest text of an appeal, in characters.
APPEAL_CHARACTERS = 2000


class Appeal(models.Model):
    """A person's objection to a discount, and what an operator decided."""

    class Decision(models.TextChoices):
        UPHELD = "upheld", _("the discount stays")
        LIFTED = "lifted", _("the discount was lifted")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="appeals")
    discount = models.ForeignKey(Discount, on_delete=models.CASCADE, related_name="appeals")
    words = models.TextField(max_length=APPEAL_CHARACTERS)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=8, blank=True, choices=Decision.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="decided_appeals",
    )

    class Meta:
        indexes = (
            # people.duty: what waits for an operator, oldest first.
            models.Index(
                fields=["at"], name="appeal_open", condition=models.Q(decided_at__isnull=True)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["discount"],
                name="appeal_one_open",
                condition=models.Q(decided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="appeal_decided",
                condition=models.Q(decided_at__isnull=True, decision="")
                | models.Q(decided_at__isnull=False, decision__in=("upheld", "lifted")),
            ),
            models.CheckConstraint(
                name="appeal_words_length",
                condition=LessThanOrEqual(Length("words"), APPEAL_CHARACTERS),
            ),
        )

    def __str__(self) -> str:
        return f"appeal {self.pk}"


# Found here by Django; their own module says what they are for.
from scoring.search_models import SearchEntry as SearchEntry  # noqa: E402
from scoring.search_models import SearchWord as SearchWord  # noqa: E402

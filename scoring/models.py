"""Rows of the score: what was rolled up, the runs, the scores, and what explains them.

The four big tables are partitioned by month of `day` (migration 0002) and written by COPY
from scoring.daily only.
"""

from django.db import models
from django.utils import timezone

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
    """What a score is made of, packed: the inputs and parts of scoring.core.explain.Parts."""

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

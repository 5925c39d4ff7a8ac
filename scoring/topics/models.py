"""Rows of topics: the ontology, what people are influential about, and what they say of it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Person, User


class Topic(models.Model):
    """Something that people write about."""

    class Kind(models.TextChoices):
        AREA = "area", _("Area")
        FIELD = "field", _("Field")
        TOPIC = "topic", _("Topic")

    # Text: published ids exceed 63 bits. Our own begin with "own:".
    id = models.CharField(primary_key=True, max_length=100)
    # Unrestricted but for its length: published slugs hold "!" and "/" (addresses quote them).
    slug = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TOPIC)
    # Folded words that stand around it, for its ambiguous names.
    context = models.JSONField(default=list, blank=True)
    # Hosts of addresses that are about it.
    hosts = models.JSONField(default=list, blank=True)
    # Switched off by an operator: matched in nothing new and shown nowhere.
    is_active = models.BooleanField(default=True)
    # The id under which a published ontology knows a topic of our own; NULL: none does.
    published_id = models.CharField(max_length=100, null=True, blank=True, unique=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="topic_kind", condition=models.Q(kind__in=("area", "field", "topic"))
            ),
        )

    def __str__(self) -> str:
        return self.slug


class TopicEdge(models.Model):
    """A topic is part of another."""

    parent = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="child_edges")
    child = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="parent_edges")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["parent", "child"], name="topic_edge"),
            models.CheckConstraint(
                name="topic_edge_not_itself", condition=~models.Q(parent=models.F("child"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.parent_id} > {self.child_id}"


class TopicName(models.Model):
    """A name of a topic in a language, or another word for it (not shown)."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="names")
    # "" for words that are looked for in texts of every language.
    language = models.CharField(max_length=8, blank=True, default="")
    name = models.CharField(max_length=200)
    # In lower case without accents (scoring.topics.folding).
    folded = models.CharField(max_length=200)
    shown = models.BooleanField(default=False)
    # Means other things too: counts in a text only with something beside it.
    doubtful = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["topic", "language", "folded"], name="topic_name"),
            models.UniqueConstraint(
                fields=["topic", "language"],
                name="topic_one_shown_name",
                condition=models.Q(shown=True),
            ),
        )
        indexes = (
            # topics_matching: search as one types.
            GinIndex(fields=["folded"], opclasses=["gin_trgm_ops"], name="topic_name_trigrams"),
        )

    def __str__(self) -> str:
        return self.name


class PersonTopic(models.Model):
    """How much of what moved people to act on a person was about a topic (scoring.topics.daily)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="people")
    # Share of the person's pull of the window, 0–1; one post may be about several topics.
    weight = models.FloatField()
    # People moved to act by posts about it, a post at a time, and the posts.
    people_count = models.IntegerField()
    posts_count = models.IntegerField()
    # The posts that moved most, [[post id, people], …], greatest first.
    evidence = models.JSONField(default=list)
    # The last scored day that was looked at.
    day = models.DateField()
    # On topic pages (scoring.topics.listing); the rest is known of listed people only: the score
    # of that day in the topic with its band, and by how much the score rose in 30 days.
    is_listed = models.BooleanField(default=False)
    influence = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    change = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "topic"], name="person_topic"),
            models.CheckConstraint(
                name="person_topic_weight",
                condition=models.Q(weight__gte=0) & models.Q(weight__lte=1),
            ),
        )
        indexes = (
            # leaders_of: the listed people of a topic, the most influential first.
            models.Index(
                fields=["topic", "-influence"],
                name="person_topic_leaders",
                condition=models.Q(is_listed=True),
            ),
        )

    def __str__(self) -> str:
        return f"topic {self.topic_id} of person {self.person_id}"


class TopicChoice(models.Model):
    """What a person says of a topic: that it is not theirs, or that it is."""

    class Choice(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        ADDED = "added", _("Added")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="topic_choices")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="choices")
    choice = models.CharField(max_length=8, choices=Choice.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "topic"], name="topic_choice"),
            models.CheckConstraint(
                name="topic_choice_known", condition=models.Q(choice__in=("hidden", "added"))
            ),
        )

    def __str__(self) -> str:
        return f"choice {self.pk}"


class TopicListing(models.Model):
    """A person agreed to be listed on topic pages; without this row nobody who signed up is."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="topic_listing")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"listing of person {self.person_id}"


class TopicDue(models.Model):
    """A person whose topics are to be found anew, beside the daily round."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="topics_due")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"topics of person {self.person_id}"


class TopicRun(models.Model):
    """One round of finding everybody's topics after a scored day."""

    day = models.DateField(primary_key=True)
    started_at = models.DateTimeField(default=timezone.now)
    # The last person who is done: a killed round goes on there.
    done_until_person = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    people_count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"topics of {self.day}"


class Ontology(models.Model):
    """When the topics were last changed: workers read them again when this moves. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.CheckConstraint(name="one_ontology", condition=models.Q(id=1)),)

    def __str__(self) -> str:
        return f"topics of {self.changed_at}"


# What one user gives a day, all of their people and brands together.
CREDITS_A_DAY = 5
# One for a person and topic in so many days; each holds for so long.
AGAIN_DAYS, HOLDS_DAYS = 7, 90
# Rows stay for so many days more: as far back as a person's first scores reach (scoring.daily).
KEPT_DAYS = 92


class Credit(models.Model):
    """+K: somebody says that a person is influential about a topic.

    The limits are the database's: five slots a user and day, no two spans of seven days of one
    user, person and topic that meet.
    """

    # Who gave it: a person here, by its user, whose people and brands share the limits.
    giver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits_given")
    giver_user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="credits_given")
    receiver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="credits")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="credits")
    # The UTC day, and which of the five of that day it is.
    day = models.DateField()
    slot = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # A credit that was taken back counts nowhere, but its slot and its week are used.
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["giver_user", "day", "slot"], name="credit_slot"),
            models.CheckConstraint(
                name="credit_slots", condition=models.Q(slot__gte=1, slot__lte=CREDITS_A_DAY)
            ),
            models.CheckConstraint(
                name="credit_not_oneself", condition=~models.Q(giver=models.F("receiver"))
            ),
            ExclusionConstraint(
                name="credit_once_in_seven_days",
                expressions=(
                    ("giver_user", RangeOperators.EQUAL),
                    ("receiver", RangeOperators.EQUAL),
                    ("topic", RangeOperators.EQUAL),
                    (
                        Func(
                            models.F("day"),
                            template=f"daterange(%(expressions)s, %(expressions)s + {AGAIN_DAYS})",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
        )
        indexes = (
            # credits_of: what a person has, by topic.
            models.Index(
                fields=["receiver", "topic"],
                name="credit_receiver_topic",
                condition=models.Q(taken_back_at__isnull=True),
            ),
            # expire: which are not needed any more. (The daily run reads half of the table or more
            # at once; what is asked of single people is found by the keys of giver and receiver.)
            models.Index(fields=["expires_at"], name="credit_expires"),
        )

    def __str__(self) -> str:
        return f"credit {self.pk}"

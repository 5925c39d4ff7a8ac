"""Rows about people: who signs in, whom we score, what they agreed to, who wants no profile."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import BrinIndex
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Creates users whose e-mail address is their name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a saved user with that address; a password of None cannot sign in."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        """Return a saved user who may use the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in."""

    # None: signed up with a network alone; such a user has no password either.
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=8, blank=True, default="")
    time_zone = models.CharField(max_length=64, default="UTC")
    # "": as the device says; else "light" or "dark".
    theme = models.CharField(max_length=8, blank=True, default="")

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return f"user {self.pk}"


class Person(models.Model):
    """Whom we score: a person or a brand, signed up or looked up."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        BRAND = "brand", _("Brand")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Public: anyone can find and see the profile")
        UNLISTED = "unlisted", _("Unlisted: seen only by who knows the address")
        PRIVATE = "private", _("Private: seen by nobody else")

    class Origin(models.TextChoices):
        SIGNED_UP = "signed_up", _("Signed up")
        LOOKED_UP = "looked_up", _("Looked up from open data")

    # Set when somebody signed up or claimed the profile; one user may own a person and brands.
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="people"
    )
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.PERSON)
    visibility = models.CharField(
        max_length=8, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.SIGNED_UP)
    created_at = models.DateTimeField(default=timezone.now)
    # When an unclaimed, looked-up profile goes away by itself.
    expires_at = models.DateTimeField(null=True, blank=True)
    # A report or an unproven removal hides the profile until then.
    hidden_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "people"
        indexes = (
            # expire_rows: unclaimed profiles whose time is over.
            models.Index(
                fields=["expires_at"],
                name="person_expires_at",
                condition=models.Q(expires_at__isnull=False),
            ),
        )
        constraints = (
            # An unclaimed profile is never private: nobody could see why it exists.
            models.CheckConstraint(
                name="person_looked_up_expires_or_is_sample",
                condition=models.Q(origin="looked_up") | models.Q(expires_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"person {self.pk}"


# Longest text of a note, in characters.
NOTE_CHARACTERS = 200


class Goal(models.Model):
    """A score that somebody wants to reach by a day; seen by nobody else.

    One at a time is open. Whoever reached one keeps it; `people.goals` writes these rows, and the
    daily run of `dashboard.goals` notes when one is reached.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="goals")
    # Reached when the score, as pages round it, is at least this.
    target = models.SmallIntegerField()
    until = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
    # The score when it was set, for the progress; None: there was none yet.
    start_value = models.FloatField(null=True)
    # The last scored day that was looked at for it.
    checked_on = models.DateField(null=True)
    # The day whose score reached it, and that score.
    reached_on = models.DateField(null=True)
    reached_value = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person"],
                name="goal_one_open",
                condition=models.Q(reached_on__isnull=True),
            ),
            models.CheckConstraint(
                name="goal_target", condition=models.Q(target__gte=1, target__lte=100)
            ),
            # NaN sorts above every number, so the upper bound refuses it too.
            models.CheckConstraint(
                name="goal_start_value",
                condition=models.Q(start_value__isnull=True)
                | models.Q(start_value__gte=1, start_value__lte=100),
            ),
            models.CheckConstraint(
                name="goal_reached",
                condition=models.Q(reached_on__isnull=True, reached_value__isnull=True)
                | models.Q(
                    # Said outright: a comparison with nothing is not false to the database.
                    reached_on__isnull=False,
                    reached_value__isnull=False,
                    reached_on__lte=models.F("until"),
                    reached_value__gte=1,
                    reached_value__lte=100,
                ),
            ),
        )
        indexes = (
            # people.goals: a person's goals, newest first.
            models.Index(fields=["person", "-created_at"], name="goal_person_created"),
            # dashboard.goals: open goals that have not been looked at for the newest scored day.
            models.Index(
                fields=["checked_on"],
                name="goal_open_checked",
                condition=models.Q(reached_on__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"goal {self.pk}"


class Note(models.Model):
    """What somebody wrote down for themselves on a day of their chart; seen by nobody else."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    day = models.DateField()
    text = models.CharField(max_length=NOTE_CHARACTERS)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.CheckConstraint(name="note_text", condition=~models.Q(text="")),
            models.UniqueConstraint(
                # Two clicks on "Add" are one note; the index serves a range of days as well.
                fields=["person", "day", "text"],
                name="note_person_day_text",
            ),
        )

    def __str__(self) -> str:
        return f"note {self.pk}"


class Session(AbstractBaseSession):
    """A browser's session; the user's number stands in a column (people.sessions says why)."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    # For the list in the settings, as the browser names itself ("Firefox, Linux"); no address.
    device = models.CharField(max_length=40, blank=True, default="", db_default="")
    # A day on which it was used, the last one; None: made before such days were kept.
    seen_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"session of user {self.user_id}"


class ConsentEvent(models.Model):
    """What somebody agreed to or took back, when, and the text that they saw."""

    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="consent_events"
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE, related_name="consent_events"
    )
    # A word of people.consent.TEXTS, e.g. "terms", "age", "score", "link:mastodon".
    what = models.CharField(max_length=64)
    given = models.BooleanField()
    text_version = models.CharField(max_length=32)
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"consent {self.pk}"


class OptOut(models.Model):
    """An account that must not be shown or fetched, kept as a keyed hash only."""

    network = models.CharField(max_length=32)
    # HMAC-SHA-256 under OPT_OUT_KEY of the network and the native id or handle.
    key_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    # Without proof a removal holds 30 days; with proof it has no end.
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["network", "key_hash"], name="opt_out_key"),)

    def __str__(self) -> str:
        return f"opt-out {self.pk}"


class Report(models.Model):
    """Somebody asked that a profile be hidden (a minor, a stolen identity, …); it hides at once."""

    class Reason(models.TextChoices):
        MINOR = "minor", _("The person is under 18")
        NOT_ME = "not_me", _("This is me, and I did not agree")
        WRONG = "wrong", _("The profile mixes up different people")
        OTHER = "other", _("Something else")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    words = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            # people.duty: what waits for an operator, oldest first.
            models.Index(
                fields=["at"], name="person_report_open", condition=models.Q(decided_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"report {self.pk}"


class ShareLink(models.Model):
    """An address that nobody can guess, by which a person shows their score elsewhere."""

    class Kind(models.TextChoices):
        BADGE = "badge", _("Badge")
        IMAGE = "image", _("Picture")
        EMBED = "embed", _("Frame for a page of yours")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="share_links")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # 192 random bits; who has it may see the score for as long as the profile may be seen.
    token = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "kind"], name="share_link_person_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} of person {self.person_id}"


class LetterPlan(models.Model):
    """Which e-mails somebody wants; no row: none."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="letter_plan"
    )
    # "": no digest; else a word of people.mornings.RHYTHMS.
    rhythm = models.CharField(max_length=8, blank=True, default="")
    # When the next digest is due, a moment of the person's morning; None: never.
    next_at = models.DateTimeField(null=True)
    # Reminders of goals.
    goals = models.BooleanField(default=False)
    # What happened to one's questions and answers, at most one a day.
    answers = models.BooleanField(default=False, db_default=False)
    # When the address refused a letter for good: nothing is sent until the next choice.
    refused_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            # plan_letters: the digests that are due, oldest first.
            models.Index(
                fields=["next_at"],
                name="letter_plan_next_at",
                condition=models.Q(next_at__isnull=False),
            ),
            # plan_news: who wants to be told of answers.
            models.Index(
                fields=["person"],
                name="letter_plan_answers",
                condition=models.Q(answers=True, refused_at__isnull=True),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="letter_plan_rhythm", condition=models.Q(rhythm__in=["", "weekly", "monthly"])
            ),
        )

    def __str__(self) -> str:
        return f"letters of person {self.person_id}"


class Letter(models.Model):
    """An e-mail of a kind and a period, which is sent once or not at all."""

    class Kind(models.TextChoices):
        WEEKLY = "weekly"
        MONTHLY = "monthly"
        GOAL_NEAR = "goal_near"
        GOAL_REACHED = "goal_reached"
        ANSWERS = "answers"

    class State(models.TextChoices):
        WAITING = "waiting"
        # Written to the mail server, whose word is not known yet; after a kill it never is.
        SENDING = "sending"
        SENT = "sent"
        # No address to send it to, or nothing to say any more.
        SKIPPED = "skipped"
        FAILED = "failed"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # "2026-W48", "2026-11", "2026-11-27", or the goal's number.
    period = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    # Not handed to a worker before then.
    try_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # However often it is planned, there is one.
            models.UniqueConstraint(fields=["person", "kind", "period"], name="letter_once"),
        )
        indexes = (
            # hand_out: the letters that wait, oldest first.
            models.Index(
                fields=["try_at"], name="letter_waiting", condition=models.Q(state="waiting")
            ),
            # expire: the letters of long ago; rows lie in the order of time, so a small index does.
            BrinIndex(fields=["created_at"], name="letter_created_at"),
        )

    def __str__(self) -> str:
        return f"letter {self.pk}"


# Found here by Django; their own modules say what they are for.
from people.duty_models import DutyLetter as DutyLetter  # noqa: E402
from people.list_models import ListMember as ListMember  # noqa: E402
from people.list_models import PersonList as PersonList  # noqa: E402

"""Rows of perks: sponsors and who acts for them, perks, their codes, and who took what.

Three things are kept by the database itself (migration 0002), whoever writes: `Perk.taken` follows
the claims, the stock of a perk with codes follows its codes, and every change leaves a `Change`.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Person, User

# Longest words of a rating and of a report, in characters.
WORDS_CHARACTERS = 1000
# Most codes, or pieces, that one perk may have.
MOST_STOCK = 1_000_000
# A carrier's reference of a parcel: no formula, no address of a page, nothing to write a letter in.
TRACKING_CHARACTERS = 40
TRACKING = r"[A-Za-z0-9][A-Za-z0-9 ./-]{1,38}[A-Za-z0-9]"


class Sponsor(models.Model):
    """A company or person who offers perks here, invited by the operator."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    website = models.URLField(_("website"), max_length=300, blank=True, default="")
    # What people read about the sponsor.
    about = models.TextField(_("about"), max_length=600, blank=True, default="")
    # A sponsor that is not active changes nothing and shows nothing; claims stay.
    is_active = models.BooleanField(_("active"), default=True)
    # Invented, for trial installations.
    is_sample = models.BooleanField(_("sample"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A user who acts for a sponsor."""

    sponsor = models.ForeignKey(Sponsor, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sponsors")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "sponsor"], name="sponsor_member_once"),
        )

    def __str__(self) -> str:
        return f"member {self.pk}"


class Invitation(models.Model):
    """An e-mail address that was invited to act for a sponsor; gone when accepted or over."""

    sponsor = models.ForeignKey(Sponsor, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["sponsor", "email"], name="invitation_once"),
        )

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Perk(models.Model):
    """Something a sponsor offers, with who may claim it and how many there are."""

    class Kind(models.TextChoices):
        CODE = "code", _("A code of one's own for everybody")
        LINK = "link", _("A link, the same for everybody")
        ADDRESS = "address", _("A parcel, sent to an address")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")

    # What a sponsor's form changes.
    EDITED = (
        *("title", "summary", "description", "picture_text", "kind", "stock", "claim_until"),
        *("use_until", "least_score", "most_score", "linked_days", "networks", "topics"),
        *("countries", "least_age"),
    )

    sponsor = models.ForeignKey(Sponsor, on_delete=models.PROTECT, related_name="perks")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=100)
    # What one gets, in a sentence.
    summary = models.CharField(max_length=200)
    description = models.TextField(max_length=4000, blank=True, default="")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Fernet token of the link of kind "link".
    link = models.BinaryField(default=b"")
    # Name of the picture below VAR_DIR/uploads/perks without size and ending; "" without one.
    picture = models.CharField(max_length=40, blank=True, default="")
    # What the picture shows, for those who do not see it.
    picture_text = models.CharField(max_length=200, blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    is_sample = models.BooleanField(default=False)
    # How many there are, and how many of them are offered, claimed or used.
    stock = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    claim_until = models.DateTimeField()
    # Until when a claimed perk can be used; None: without end.
    use_until = models.DateTimeField(null=True, blank=True)
    # Who may claim (perks.eligibility); None or empty: everybody.
    least_score = models.SmallIntegerField(null=True, blank=True)
    most_score = models.SmallIntegerField(null=True, blank=True)
    linked_days = models.SmallIntegerField(default=14)
    networks = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    countries = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    least_age = models.SmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            # The catalogue: published perks, the newest first.
            models.Index(
                fields=["-published_at", "-id"],
                name="perk_published",
                condition=Q(state="published"),
            ),
            # The catalogue: those that end first, or within a week.
            models.Index(
                fields=["claim_until", "id"], name="perk_ending", condition=Q(state="published")
            ),
            # The catalogue: those of a topic.
            GinIndex(fields=["topics"], name="perk_topics", condition=Q(state="published")),
        )
        constraints = (
            # Never more claims than stock, however many click at once.
            models.CheckConstraint(
                name="perk_taken_within_stock",
                condition=Q(taken__gte=0) & Q(taken__lte=F("stock")) & Q(stock__lte=MOST_STOCK),
            ),
            models.CheckConstraint(
                name="perk_kind", condition=Q(kind__in=("code", "link", "address"))
            ),
            models.CheckConstraint(
                name="perk_state",
                condition=Q(state__in=("draft", "published", "paused", "closed")),
            ),
            models.CheckConstraint(
                name="perk_published_has_day",
                condition=Q(state="draft") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="perk_scores",
                condition=(Q(least_score__isnull=True) | Q(least_score__range=(1, 100)))
                & (Q(most_score__isnull=True) | Q(most_score__range=(1, 100))),
            ),
            models.CheckConstraint(
                name="perk_days_and_age",
                condition=Q(linked_days__range=(0, 365))
                & (Q(least_age__isnull=True) | Q(least_age__range=(16, 99))),
            ),
            models.CheckConstraint(
                name="perk_used_after_claim",
                condition=Q(use_until__isnull=True) | Q(use_until__gte=F("claim_until")),
            ),
        )

    def __str__(self) -> str:
        return f"perk {self.pk}"


class Claim(models.Model):
    """One person takes a perk, or waits for it. Erasing its person leaves it without one."""

    class State(models.TextChoices):
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("offered")
        CLAIMED = "claimed", _("claimed")
        USED = "used", _("used")
        CANCELLED = "cancelled", _("cancelled")
        LAPSED = "lapsed", _("offer not taken")

    class Letter(models.TextChoices):
        CLAIMED = "claimed", _("claimed")
        OFFERED = "offered", _("offered")
        DEADLINE = "deadline", _("deadline")
        SENT = "sent", _("sent")

    # One of the stock is theirs; what else there is, is over.
    HOLDING = ("offered", "claimed", "used")
    LIVE = ("waiting", "offered", "claimed", "used")

    perk = models.ForeignKey(Perk, on_delete=models.PROTECT, related_name="claims")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="perk_claims"
    )
    state = models.CharField(max_length=9, choices=State.choices)
    # When it was made: the order of the waiting list.
    at = models.DateTimeField(default=timezone.now)
    offered_until = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    # When the code or link was shown; from then on it cannot go back to stock.
    shown_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    # Fernet token of the delivery address, a JSON object.
    address = models.BinaryField(default=b"")
    # When the sponsor took the address along, and said that the parcel is on its way.
    address_taken_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    # The carrier's reference of the parcel; deleted with the address.
    tracking = models.CharField(
        max_length=TRACKING_CHARACTERS, blank=True, default="", db_default=""
    )
    rating = models.SmallIntegerField(null=True, blank=True)
    words = models.TextField(max_length=WORDS_CHARACTERS, blank=True, default="")
    rated_at = models.DateTimeField(null=True, blank=True)
    # The e-mail that is to be sent, "" for none: a lost message loses no letter.
    letter = models.CharField(max_length=8, choices=Letter.choices, blank=True, default="")
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            # The head of a waiting list.
            models.Index(
                fields=["perk", "at", "id"], name="claim_waiting", condition=Q(state="waiting")
            ),
            # Offers whose time is over.
            models.Index(
                fields=["offered_until"], name="claim_offered", condition=Q(state="offered")
            ),
            # E-mails to be sent.
            models.Index(fields=["id"], name="claim_letter", condition=~Q(letter="")),
            # Addresses whose time is over.
            models.Index(fields=["claimed_at"], name="claim_address", condition=~Q(address=b"")),
            # parcels.page_of: of a perk, taken along and not sent, oldest first.
            models.Index(
                fields=["perk", "address_taken_at", "id"],
                name="claim_to_send",
                condition=Q(delivered_at=None, address_taken_at__isnull=False),
            ),
            # keeping.late_parcels: parcels that nobody marked as sent, oldest first.
            models.Index(
                fields=["claimed_at"],
                name="claim_unsent",
                condition=Q(delivered_at=None) & ~Q(address=b""),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["perk", "person"],
                name="claim_one_per_person",
                condition=Q(state__in=("waiting", "offered", "claimed", "used")),
            ),
            models.CheckConstraint(
                name="claim_state",
                condition=Q(
                    state__in=("waiting", "offered", "claimed", "used", "cancelled", "lapsed")
                ),
            ),
            models.CheckConstraint(
                name="claim_times",
                condition=(~Q(state="offered") | Q(offered_until__isnull=False))
                & (~Q(state__in=("claimed", "used")) | Q(claimed_at__isnull=False))
                & (~Q(state="used") | Q(used_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="claim_tracking",
                condition=Q(tracking="") | Q(tracking__regex=f"^{TRACKING}$"),
            ),
            models.CheckConstraint(
                name="claim_rating", condition=Q(rating__isnull=True) | Q(rating__range=(1, 5))
            ),
        )

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Code(models.Model):
    """One code of a perk, encrypted, given to at most one claim."""

    perk = models.ForeignKey(Perk, on_delete=models.PROTECT, related_name="codes")
    secret = models.BinaryField()
    # Keyed hash of perk and code: the same code twice is noticed without reading any.
    key_hash = models.CharField(max_length=64)
    claim = models.OneToOneField(Claim, null=True, on_delete=models.PROTECT, related_name="code")

    class Meta:
        indexes = (
            # The next code to be given.
            models.Index(fields=["perk", "id"], name="code_free", condition=Q(claim__isnull=True)),
        )
        constraints = (
            models.UniqueConstraint(fields=["perk", "key_hash"], name="code_once_per_perk"),
        )

    def __str__(self) -> str:
        return f"code {self.pk}"


class ClaimedAccount(models.Model):
    """A linked account by which a perk was claimed: nobody claims it by the same one again.

    A keyed hash of network and native id, so that it holds when the account changes hands.
    """

    perk = models.ForeignKey(Perk, on_delete=models.CASCADE, related_name="claimed_accounts")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="accounts")
    key_hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["perk", "key_hash"], name="perk_once_per_account"),
        )

    def __str__(self) -> str:
        return f"account of claim {self.claim_id}"


class Candidate(models.Model):
    """What perks ask about a person's score, of the newest scored day, for counting many.

    A row holds for waiting times from which its accounts are linked long enough: those linked on or
    before a day in [since, until). Written by perks.candidates only.
    """

    person_id = models.BigIntegerField()
    since = models.DateField()
    until = models.DateField()
    # From vouched accounts linked on `since` or before.
    score = models.FloatField()
    # Bits of perks.candidates.BITS.
    networks = models.BigIntegerField()
    is_sample = models.BooleanField()
    topics = ArrayField(models.CharField(max_length=100), default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person_id", "since"], name="candidate_once"),
        )
        indexes = (
            # estimate: everything that it asks about but topics, without the rows.
            models.Index(
                fields=["is_sample", "score"],
                include=["since", "until", "networks"],
                name="candidate_score",
            ),
            # estimate: who has a topic.
            GinIndex(fields=["topics"], name="candidate_topics"),
        )

    def __str__(self) -> str:
        return f"candidate {self.pk}"


class Followed(models.Model):
    """A scored day whose candidates were written and whose newly qualified people were noted."""

    day = models.DateField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    people_count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"followed {self.day}"


class Notice(models.Model):
    """A person was told, or is to be told, that they newly qualify for a perk."""

    perk = models.ForeignKey(Perk, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="perk_notices")
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["perk", "person"], name="notice_once"),)
        indexes = (
            # E-mails to be sent, a person at a time.
            models.Index(fields=["person"], name="notice_unsent", condition=Q(sent_at=None)),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Wish(models.Model):
    """A person who asked to be told by e-mail of perks that they newly qualify for."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="perk_wish")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"wish {self.pk}"


class Complaint(models.Model):
    """Somebody says that something is wrong with a perk; an operator looks at it."""

    class Reason(models.TextChoices):
        NOT_AS_SAID = "not_as_said", _("It is not what the page says")
        NOT_DELIVERED = "not_delivered", _("The code or link does not work, or nothing came")
        OFFENSIVE = "offensive", _("It is offensive or not allowed")
        OTHER = "other", _("Something else")

    perk = models.ForeignKey(Perk, on_delete=models.CASCADE, related_name="complaints")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="perk_complaints")
    reason = models.CharField(max_length=16, choices=Reason.choices)
    words = models.TextField(max_length=WORDS_CHARACTERS, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["perk", "person"],
                name="complaint_one_open",
                condition=Q(decided_at__isnull=True),
            ),
        )
        indexes = (
            # people.duty: what waits for an operator, oldest first.
            models.Index(fields=["at"], name="complaint_open", condition=Q(decided_at=None)),
        )

    def __str__(self) -> str:
        return f"complaint {self.pk}"


class Change(models.Model):
    """The audit: who changed which row of this package, and how. Written by triggers, kept.

    Only columns that hold neither codes nor addresses nor words of people are written down.
    """

    at = models.DateTimeField()
    # Whoever was signed in (perks.audit.acting_as); None: a task, a command, or since erased.
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    table = models.CharField(max_length=32)
    row_id = models.BigIntegerField()
    # The perk or sponsor that it belongs to, for whoever looks.
    perk_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=8)
    # Column → [before, after].
    columns = models.JSONField(default=dict)

    class Meta:
        indexes = (
            # changes of a perk, newest first.
            models.Index(fields=["perk_id", "-at"], name="change_of_perk"),
        )

    def __str__(self) -> str:
        return f"change {self.pk}"

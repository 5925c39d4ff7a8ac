"""Rows of questions and answers: what was written, who was helped, what was reported and done."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.models import Person, User
from scoring.topics.models import Credit, Topic

# Signs of a title, of a question's details, of an answer, and of an objection or a report.
TITLE_LEAST, TITLE_MOST = 15, 200
DETAILS_MOST, ANSWER_LEAST, ANSWER_MOST, WORDS_MOST = 2_000, 20, 3_000, 500
# A day, all of a user's people and brands together.
QUESTIONS_A_DAY, ANSWERS_A_DAY, REPORTS_A_DAY = 3, 20, 10


class Reason(models.TextChoices):
    """What is wrong with a text."""

    SPAM = "spam", _("Advertising, or the same again and again")
    RUDE = "rude", _("It insults or threatens somebody")
    PRIVATE = "private", _("It tells something private about somebody")
    AWAY = "away", _("It has nothing to do with the topic")
    OTHER = "other", _("Something else")


def open_objection() -> Q:
    """Return the condition of hidden texts whose author objected, and nobody decided."""
    return Q(objected_at__isnull=False, objection_decided_at__isnull=True)


class Written(models.Model):
    """What a question and an answer have in common.

    The text is there for everybody while it is *shown* and its author is not suspended. The name
    beside it follows the author's profile: there while that is public, else nobody's.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("Shown")
        HIDDEN = "hidden", _("Hidden")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    # Both are None for what the sample network's people wrote (no user), and once erased.
    author = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    author_user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    # The UTC day, and which of that day's few it is.
    day = models.DateField()
    slot = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.SHOWN)
    # The author may not sign in at the moment; kept by a trigger on users.
    is_away = models.BooleanField(default=False, db_default=False)
    # Why it is hidden, as the author is told: the reason of most reports, or the operator's.
    hidden_why = models.CharField(max_length=8, choices=Reason.choices, blank=True, default="")
    hidden_at = models.DateTimeField(null=True, blank=True)
    # An operator looked at it and let it stand: reports alone hide it no more, until it is edited.
    cleared_at = models.DateTimeField(null=True, blank=True)
    # The author's objection to its being hidden: one each time, decided by an operator.
    objection = models.CharField(max_length=WORDS_MOST, blank=True, default="")
    objected_at = models.DateTimeField(null=True, blank=True)
    objection_decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Question(Written):
    """Somebody asks the people of a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="questions")
    title = models.CharField(max_length=TITLE_MOST)
    details = models.TextField(max_length=DETAILS_MOST, blank=True, default="")
    # Of its answers that are there for everybody; kept by triggers.
    answers_count = models.IntegerField(default=0, db_default=0)
    helpful_count = models.IntegerField(default=0, db_default=0)
    is_solved = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["author_user", "day", "slot"], name="question_slot"),
            models.CheckConstraint(
                name="question_slots", condition=Q(slot__gte=1, slot__lte=QUESTIONS_A_DAY)
            ),
            # A second click on "Ask" is the same question.
            models.UniqueConstraint(
                fields=["author_user", "topic", "title"],
                name="question_once",
                condition=~Q(state="withdrawn"),
            ),
            models.CheckConstraint(
                name="question_state", condition=Q(state__in=("shown", "hidden", "withdrawn"))
            ),
            models.CheckConstraint(
                name="question_hidden_why", condition=~Q(state="hidden") | ~Q(hidden_why="")
            ),
            # What was withdrawn is not kept.
            models.CheckConstraint(
                name="question_withdrawn_is_empty",
                condition=~Q(state="withdrawn") | Q(title="", details="", objection=""),
            ),
            models.CheckConstraint(
                name="question_counts", condition=Q(answers_count__gte=0, helpful_count__gte=0)
            ),
        )
        indexes = (
            # questions_of, questions_for: the newest of a topic.
            models.Index(
                fields=["topic", "-id"],
                name="question_newest",
                condition=Q(state="shown", is_away=False),
            ),
            # questions_of: the newest of a topic that nobody answered.
            models.Index(
                fields=["topic", "-id"],
                name="question_unanswered",
                condition=Q(state="shown", is_away=False, answers_count=0),
            ),
            # questions_of: those of a topic whose answers helped most.
            models.Index(
                fields=["topic", "-helpful_count", "-id"],
                name="question_helpful",
                condition=Q(state="shown", is_away=False),
            ),
            # questions_by: one's own, newest first.
            models.Index(fields=["author", "-id"], name="question_author"),
            # people.duty: objections that wait for an operator, oldest first.
            models.Index(
                fields=["objected_at"], name="question_objected", condition=open_objection()
            ),
            # keeping.expire: empty rows, the oldest first.
            models.Index(
                fields=["day", "id"], name="question_empty", condition=Q(state="withdrawn")
            ),
        )

    def __str__(self) -> str:
        return f"question {self.pk}"


class Answer(Written):
    """Somebody answers a question: once, all of a user's people and brands together."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    text = models.TextField(max_length=ANSWER_MOST)
    # Marks that it helped; kept by a trigger.
    helpful_count = models.IntegerField(default=0, db_default=0)
    # When who asked said that this one helped.
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["question", "author_user"], name="answer_once"),
            models.UniqueConstraint(fields=["author_user", "day", "slot"], name="answer_slot"),
            models.CheckConstraint(
                name="answer_slots", condition=Q(slot__gte=1, slot__lte=ANSWERS_A_DAY)
            ),
            models.UniqueConstraint(
                fields=["question"],
                name="answer_one_accepted",
                condition=Q(accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="answer_state", condition=Q(state__in=("shown", "hidden", "withdrawn"))
            ),
            models.CheckConstraint(
                name="answer_hidden_why", condition=~Q(state="hidden") | ~Q(hidden_why="")
            ),
            models.CheckConstraint(
                name="answer_withdrawn_is_empty",
                condition=~Q(state="withdrawn") | Q(text="", objection="", accepted_at=None),
            ),
            models.CheckConstraint(name="answer_counts", condition=Q(helpful_count__gte=0)),
        )
        indexes = (
            # answers_of: of a question, the accepted one apart, those that helped most first.
            models.Index(
                fields=["question", "-helpful_count", "id"],
                name="answer_best",
                condition=Q(state="shown", is_away=False),
            ),
            # answers_by: one's own, newest first.
            models.Index(fields=["author", "-id"], name="answer_author"),
            # people.duty: objections that wait for an operator, oldest first.
            models.Index(
                fields=["objected_at"], name="answer_objected", condition=open_objection()
            ),
            # keeping.expire: empty rows, the oldest first.
            models.Index(fields=["day", "id"], name="answer_empty", condition=Q(state="withdrawn")),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Helpful(models.Model):
    """A reader says that an answer helped them; nobody else learns who."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="marks")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["answer", "user"], name="helpful_once"),)

    def __str__(self) -> str:
        return f"helpful mark {self.pk}"


class MarkCredit(models.Model):
    """+K that went with a mark, or with accepting: it is taken back together with it."""

    class Kind(models.TextChoices):
        HELPFUL = "helpful"
        ACCEPTED = "accepted"

    credit = models.OneToOneField(
        Credit, on_delete=models.CASCADE, primary_key=True, related_name="mark"
    )
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="mark_credits")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="mark_credit_kind", condition=Q(kind__in=("helpful", "accepted"))
            ),
        )

    def __str__(self) -> str:
        return f"+K of a mark {self.pk}"


class Report(models.Model):
    """Somebody says that something is wrong with a question or an answer."""

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        DISMISSED = "dismiss", _("Nothing wrong")

    question = models.ForeignKey(
        Question, null=True, on_delete=models.CASCADE, related_name="reports"
    )
    answer = models.ForeignKey(Answer, null=True, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=8, choices=Reason.choices)
    words = models.CharField(max_length=WORDS_MOST, blank=True, default="")
    # Whether it counts towards hiding by itself (scoring.questions.reporting.in_good_standing).
    counts = models.BooleanField(default=False)
    day = models.DateField()
    slot = models.SmallIntegerField()
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="report_of_one_thing",
                condition=Q(question__isnull=True, answer__isnull=False)
                | Q(question__isnull=False, answer__isnull=True),
            ),
            models.UniqueConstraint(fields=["user", "question"], name="report_question_once"),
            models.UniqueConstraint(fields=["user", "answer"], name="report_answer_once"),
            models.UniqueConstraint(fields=["user", "day", "slot"], name="report_slot"),
            models.CheckConstraint(
                name="report_slots", condition=Q(slot__gte=1, slot__lte=REPORTS_A_DAY)
            ),
            models.CheckConstraint(
                name="report_decided",
                condition=Q(decided_at__isnull=True, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
            ),
        )
        indexes = (
            # The moderators' queue: open reports, oldest first.
            models.Index(fields=["at"], name="report_open", condition=Q(decided_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"report {self.pk}"


class Notice(models.Model):
    """Something about a person's question or answer that they are to be told; each once."""

    class Kind(models.TextChoices):
        ANSWERED = "answered", _("Your question was answered")
        ACCEPTED = "accepted", _("Your answer helped")
        HIDDEN = "hidden", _("A text of yours was hidden")
        RESTORED = "restored", _("A text of yours is shown again")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="question_notices")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="notices")
    # None: it is about the question itself.
    answer = models.ForeignKey(
        Answer, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    at = models.DateTimeField(default=timezone.now)
    # When it stood in a letter, or was seen on the page of one's own questions.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "question", "answer"],
                name="question_notice_once",
                nulls_distinct=False,
            ),
        )
        indexes = (
            # news_of, plan_news: what a person was not told yet.
            models.Index(
                fields=["person", "-id"],
                name="question_notice_new",
                condition=Q(told_at__isnull=True),
            ),
            # expire: notices of long ago.
            models.Index(fields=["at"], name="question_notice_at"),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Change(models.Model):
    """The audit: who hid, showed, withdrew or decided what. Written by triggers, only added to.

    Columns that hold words of people are not written down.
    """

    at = models.DateTimeField()
    # Whoever was signed in (scoring.questions.audit); None: reports, a task, or since erased.
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    table = models.CharField(max_length=32)
    row_id = models.BigIntegerField()
    what = models.CharField(max_length=8)
    # Column → [before, after].
    columns = models.JSONField(default=dict)

    class Meta:
        indexes = (
            # changes of a row, newest first.
            models.Index(fields=["table", "row_id", "-at"], name="question_change_of"),
        )

    def __str__(self) -> str:
        return f"change {self.pk}"


def is_there() -> Q:
    """Return the condition of questions and answers that everybody may read."""
    return Q(state=Written.State.SHOWN, is_away=False)

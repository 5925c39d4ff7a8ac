"""Rows of e-mails to operators: one for each of them and day."""

from django.db import models
from django.utils import timezone

from people.models import User


class DutyLetter(models.Model):
    """The e-mail of a day about what waits, sent to an operator once or not at all."""

    class State(models.TextChoices):
        WAITING = "waiting"
        # The mail server has it, or was killed with it: never sent again.
        SENDING = "sending"
        SENT = "sent"
        SKIPPED = "skipped"
        FAILED = "failed"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="duty_letters")
    # The operator's own day.
    day = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.SmallIntegerField(default=0)
    try_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # However often it is planned, a day has one.
            models.UniqueConstraint(fields=["user", "day"], name="duty_letter_once"),
            models.CheckConstraint(
                name="duty_letter_state",
                condition=models.Q(state__in=("waiting", "sending", "sent", "skipped", "failed")),
            ),
        )

    def __str__(self) -> str:
        return f"letter to an operator {self.pk}"

"""What is said to somebody whose question, answer, mark or report was not taken."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from scoring.questions import answering, moderation, posting, reporting

_SAID: dict[type[posting.NotPosted], Promise] = {
    posting.NoAddress: gettext_lazy(
        "Confirm your e-mail address first: in the settings, under sign-in."
    ),
    posting.EnoughForToday: gettext_lazy(
        "That was as many as one can do in a day. Tomorrow, after midnight UTC, you can go on."
    ),
    posting.OwnThing: gettext_lazy("This is your own; others can do that."),
    posting.TooLate: gettext_lazy(
        "It can be changed no longer: somebody answered, or a day has passed. You can withdraw it."
    ),
    posting.TooOften: gettext_lazy("That was a bit much in a short time. Please wait an hour."),
    answering.AnsweredAlready: gettext_lazy(
        "You answered this question already. You can change your answer."
    ),
    answering.Barred: gettext_lazy(
        "An answer of yours to this question was hidden, so you cannot write another one."
    ),
    reporting.ReportedAlready: gettext_lazy("You reported this before. Somebody will look at it."),
    moderation.ObjectedAlready: gettext_lazy("You objected already. Somebody will look at it."),
    posting.NotThere: gettext_lazy("That is not there any more."),
}


def said(why: posting.NotPosted) -> str:
    """Return the sentence for a refusal."""
    return str(_SAID[type(why)])

"""What waits for moderators: reports, and objections of authors."""

from django.utils.translation import ngettext

from people.duty import queues
from scoring.questions.models import Answer, Question, Report, open_objection

RIGHT = "questions.change_question"


def register() -> None:
    """Have open reports and objections be told to moderators."""
    queues.register(
        queues.Queue(
            name="question-reports",
            words=lambda count: (
                ngettext(
                    "%(count)d report about a question or an answer",
                    "%(count)d reports about questions and answers",
                    count,
                )
                % {"count": count}
            ),
            right=RIGHT,
            rows=lambda: Report.objects.filter(decided_at=None),
            since="at",
            page="questions_report",
            query="decided_at__isempty=1",
        )
    )
    queues.register(
        queues.Queue(
            name="question-objections",
            words=lambda count: (
                ngettext(
                    "%(count)d objection to the hiding of a question",
                    "%(count)d objections to the hiding of questions",
                    count,
                )
                % {"count": count}
            ),
            right=RIGHT,
            rows=lambda: Question.objects.filter(open_objection()),
            since="objected_at",
            page="questions_question",
            query="waits=objection",
        )
    )
    queues.register(
        queues.Queue(
            name="answer-objections",
            words=lambda count: (
                ngettext(
                    "%(count)d objection to the hiding of an answer",
                    "%(count)d objections to the hiding of answers",
                    count,
                )
                % {"count": count}
            ),
            right=RIGHT,
            rows=lambda: Answer.objects.filter(open_objection()),
            since="objected_at",
            page="questions_answer",
            query="waits=objection",
        )
    )

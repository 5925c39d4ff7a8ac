"""A letter as an e-mail: plain text, HTML, one chart inside, and the way out of it in the head."""

from datetime import date
from email.mime.image import MIMEImage
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.describe import day_words, history_words, one_decimal, rounded
from dashboard.digest import chart
from dashboard.digest.content import digest_of, site
from dashboard.pictures.render import png
from dashboard.sharing.facts import in_language_of
from people.letters import ANSWERS, GOALS, stop_token
from people.models import Goal, Letter, Person
from people.mornings import RHYTHMS, zone_of
from scoring import queries
from scoring.questions.models import Notice
from scoring.questions.notices import News, news_of

CHART_ID = "trend"
# Where all of it stands.
MINE = "dashboard:my_questions"


def message_for(letter: Letter, address: str) -> EmailMultiAlternatives | None:
    """Return the e-mail, written in its reader's language and time zone; None: nothing to say."""
    person = letter.person
    assert person.owner is not None
    with in_language_of(person), timezone.override(zone_of(person.owner.time_zone)):
        if letter.kind in RHYTHMS:
            return _digest(letter, person, address)
        if letter.kind == Letter.Kind.ANSWERS:
            return _news(letter, person, address)
        return _reminder(letter, person, address)


def _digest(letter: Letter, person: Person, address: str) -> EmailMultiAlternatives:
    digest = digest_of(person, letter.kind, timezone.now())
    drawing = chart.svg(digest.trend)
    if not digest.number:
        subject = _("No score yet – here is what is missing")
    elif digest.points:
        subject = _("Your score: %(number)s (%(points)s)") % {
            "number": digest.number,
            "points": digest.points,
        }
    else:
        subject = _("Your score: %(number)s") % {"number": digest.number}
    context = {
        "digest": digest,
        "chart_words": history_words(digest.trend) if drawing else "",
        "chart_id": CHART_ID,
        "score_url": site("dashboard:score"),
    }
    message = _message(letter, address, subject, "digest", "digest", context)
    if drawing:
        picture = MIMEImage(png(drawing), "png")
        picture.add_header("Content-ID", f"<{CHART_ID}>")
        picture.add_header("Content-Disposition", "inline", filename="trend.png")
        message.mixed_subtype = "related"  # type: ignore[attr-defined]
        message.attach(picture)
    return message


def _reminder(letter: Letter, person: Person, address: str) -> EmailMultiAlternatives | None:
    goal = Goal.objects.filter(pk=int(letter.period), person=person).first()
    if goal is None:
        return None
    words = {"target": rounded(goal.target), "day": day_words(goal.until)}
    if letter.kind == Letter.Kind.GOAL_REACHED:
        if goal.reached_on is None:
            return None
        subject = _("You have reached your goal of %(target)s") % words
        value: float | None = goal.reached_value
        day: date | None = goal.reached_on
    else:
        if goal.reached_on is not None or goal.until < timezone.now().date():
            return None
        subject = _("Your goal of %(target)s by %(day)s is near") % words
        newest = queries.latest_score(person.pk)
        value, day = (newest.value, newest.day) if newest else (None, None)
    context = {
        "goal": goal,
        "is_reached": letter.kind == Letter.Kind.GOAL_REACHED,
        "value": one_decimal(value) if value is not None else "",
        "day": day,
        "score_url": site("dashboard:score"),
    }
    return _message(letter, address, subject, "goal", GOALS, context)


# More of one day stand on the page.
MOST_NEWS = 8


def _news(letter: Letter, person: Person, address: str) -> EmailMultiAlternatives | None:
    news = news_of(person, new_only=True)
    if not news:
        return None
    lines = [(Notice.Kind(row.kind).label, row.title, _where(row)) for row in news[:MOST_NEWS]]
    subject = _("News of your questions and answers (%(count)d)") % {"count": len(news)}
    context = {"lines": lines, "more": len(news) > MOST_NEWS, "page_url": site(MINE)}
    return _message(letter, address, subject, "news", ANSWERS, context)


def _where(row: News) -> str:
    place = f"#answer-{row.answer_id}" if row.answer_id is not None else ""
    return site("dashboard:question", row.question_id, query=place)


def _message(
    letter: Letter, address: str, subject: str, template: str, what: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    stop = site("dashboard:letters_stop", stop_token(letter.person_id, what))
    host = urlsplit(settings.SITE_URL).hostname
    context |= {
        "subject": subject,
        "stop_url": stop,
        "settings_url": site("people:settings", query="#letters"),
        "host": host,
        "name": letter.person.name or letter.person.slug,
    }
    message = EmailMultiAlternatives(
        subject,
        render_to_string(f"letters/{template}.txt", context),
        to=[address],
        headers={
            # RFC 8058: the mail program's own button, which posts there without asking further.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            # The same one should the letter ever be sent again by hand.
            "Message-ID": f"<letter-{letter.pk}@{host}>",
        },
    )
    message.attach_alternative(render_to_string(f"letters/{template}.html", context), "text/html")
    return message

"""What is told of a person's own posts: never a part of the score."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from scoring.signals.recipes import Writing

_OF_POSTS = _("Of the posts of the last 90 days.")
PER_CENT = _("per cent")


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a measure, and its unit."""

    name: str
    sentence: str
    unit: str


WRITING: dict[Writing, Said] = {
    Writing.POSTS_PER_WEEK: Said(_("Posts a week"), _("The mean of the last 90 days."), _("posts")),
    Writing.ACTIVE_DAYS: Said(_("Days with a post"), _("Of the last 90 days, in UTC."), _("days")),
    Writing.LONGEST_PAUSE: Said(
        _("Longest pause"), _("The most days between two posts of the last 90 days."), _("days")
    ),
    Writing.HOURS: Said(
        _("Hours of the day with a post"),
        _("Different ones of the last 90 days, in UTC."),
        _("hours"),
    ),
    Writing.WEEKEND_SHARE: Said(_("Posts on weekends"), _OF_POSTS, PER_CENT),
    Writing.LENGTH: Said(
        _("Length of a post"), _("The middle one of the last 90 days."), _("characters")
    ),
    Writing.REPLY_SHARE: Said(_("Posts that answer others"), _OF_POSTS, PER_CENT),
    Writing.LINK_SHARE: Said(_("Posts with a link"), _OF_POSTS, PER_CENT),
    Writing.LINK_SITES: Said(_("Different sites linked to"), _OF_POSTS, _("sites")),
    Writing.HASHTAGS_PER_POST: Said(_("Hashtags a post"), _OF_POSTS, _("hashtags")),
    Writing.HASHTAGS: Said(_("Different hashtags"), _OF_POSTS, _("hashtags")),
    Writing.MENTIONS_PER_POST: Said(_("Mentions of others a post"), _OF_POSTS, _("mentions")),
    Writing.LANGUAGES: Said(_("Languages"), _OF_POSTS, _("languages")),
    Writing.UNANSWERED_SHARE: Said(_("Posts without any reaction"), _OF_POSTS, PER_CENT),
}

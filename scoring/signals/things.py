"""The nouns of the catalogue: what networks count of posts, said once for all of them."""

from django.utils.translation import gettext_noop as _

OF_POSTS: dict[str, str] = {
    "likes": _("Likes"),
    "reshares": _("Reshares"),
    "comments": _("Comments"),
    "quotes": _("Quotes"),
    "saves": _("Saves"),
    "shares": _("Times sent on"),
    "views": _("Views"),
    "reach": _("People reached"),
    "video_views": _("Video views"),
    "full_plays": _("Videos watched to the end"),
    "link_clicks": _("Clicks on links"),
    "profile_visits": _("Visits to the profile"),
    "follows": _("New followers through posts"),
    "detail_views": _("Times opened"),
    "hashtag_clicks": _("Clicks on hashtags"),
    "engagements": _("All actions on posts"),
    "loves": _("Love reactions"),
    "wows": _("Wow reactions"),
    "hahas": _("Laughing reactions"),
    "sorrys": _("Sad reactions"),
    "angers": _("Angry reactions"),
    "votes": _("Votes"),
    "crossposts": _("Crossposts"),
    "notes": _("Notes"),
    "reactions": _("Reactions"),
    "clones": _("Copies cloned"),
    "downloads": _("Downloads"),
    "dislikes": _("Dislikes"),
}

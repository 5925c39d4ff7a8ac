"""Pinterest, Tumblr and Foursquare (read 2026-11)."""

from django.utils.translation import gettext_noop as _

from scoring.signals.sets import derived, responses, sent, writing
from scoring.signals.vocabulary import each, network, of, per_post, totals

_PIN = "GET /v5/pins, pin_metrics.{}"
_MONTH = "GET /v5/user_account/analytics, {}"

PINTEREST = network(
    "pinterest",
    of("followers", "GET /v5/user_account, follower_count"),
    of("anonymous", _PIN.format("save, comment, reaction"), owner_only=True),
    of("following", "GET /v5/user_account, following_count"),
    of("posts", "GET /v5/user_account, pin_count"),
    of("boards", "GET /v5/user_account, board_count"),
    of("board_followers", "GET /v5/boards, follower_count"),
    of("month_views", "GET /v5/user_account, monthly_views"),
    of("saves_month", _MONTH.format("SAVE"), owner_only=True),
    of("outbound_clicks", _MONTH.format("OUTBOUND_CLICK"), owner_only=True),
    of("engaged_actions", _MONTH.format("ENGAGEMENT"), owner_only=True),
    of("followers_gained", "follower_count of two days"),
    of("followers_ratio", "follower_count, following_count"),
    *totals(_PIN, "likes=reaction", "comments=comment", owner_only=True),
    *per_post(
        _PIN,
        "saves=save",
        "views=impression",
        "link_clicks=outbound_click",
        "detail_views=pin_click",
        owner_only=True,
    ),
    *totals(
        "GET /v5/pins/{{id}}/analytics, {}",
        "profile_visits=PROFILE_VISIT",
        "follows=USER_FOLLOW",
        "video_views=VIDEO_START",
        owner_only=True,
    ),
    *each(_PIN.format("reaction"), "engagement", owner_only=True),
    *writing(
        "GET /v5/pins, created_at",
        text="GET /v5/pins, title and description",
        links="GET /v5/pins, link",
        hashtags="GET /v5/pins, title and description, #",
    ),
)

# Notes name who liked, reblogged and answered.
TUMBLR = network(
    "tumblr",
    of("followers", "GET /v2/user/info, blogs[].followers", owner_only=True),
    of("likes", "GET /v2/blog/{b}/notes, type like"),
    of(
        "reshares",
        "GET /v2/blog/{b}/notes, type reblog",
        _("People who reblog"),
        _("Different people who reblogged a post, each halved every 4.5 days since."),
    ),
    of(
        "comments",
        "GET /v2/blog/{b}/notes, type reply",
        _("People who reply"),
        _("Different people who replied to a post, each halved every 4.5 days since."),
    ),
    *derived("all notes with an author"),
    of("following", "GET /v2/user/info, following", owner_only=True),
    of("posts", "GET /v2/blog/{b}/posts, blog.posts"),
    of("likes_given", "GET /v2/blog/{b}/info, likes"),
    of("followers_gained", "blogs[].followers of two days", owner_only=True),
    of("followers_ratio", "blogs[].followers, following", owner_only=True),
    *per_post("GET /v2/blog/{{b}}/posts, {}", "notes=note_count"),
    *writing(
        "GET /v2/blog/{b}/posts, timestamp",
        text="GET /v2/blog/{b}/posts, content",
        links="GET /v2/blog/{b}/posts, content of type link",
        hashtags="GET /v2/blog/{b}/posts, tags",
    ),
    *responses(
        "GET /v2/blog/{b}/notes, blog_uuid",
        dates="GET /v2/blog/{b}/notes, timestamp",
        mutual="notes, blog_uuid; posts, reblogged_from_uuid",
    ),
    *sent(reshare="GET /v2/blog/{b}/posts, reblogged_from_uuid"),
)

# v2, check-ins and tips; or the person's own file.
FOURSQUARE = network(
    "foursquare",
    of("friends", "GET /v2/users/self, friends.count"),
    of("checkins", "GET /v2/users/self, checkins.count"),
    of("tips", "GET /v2/users/self, tips.count"),
    of("tips_saved", "GET /v2/users/self/tips, saves.count"),
    of("tips_liked", "GET /v2/users/self/tips, likes.count"),
    of("mayorships", "GET /v2/users/self, mayorships.count"),
    of("badges", "GET /v2/users/self/badges"),
    of("photos", "GET /v2/users/self, photos.count"),
    of("lists_made", "GET /v2/users/self, lists.count"),
    of("places", "GET /v2/users/self/venuehistory"),
    of("likes", "GET /v2/checkins/{id}, likes.groups[].items"),
    of("comments", "GET /v2/checkins/{id}, comments.items[].user"),
    *derived("all likes and comments with an author"),
    *per_post("GET /v2/users/self/checkins, {}", "likes=likes.count", "comments=comments.count"),
    *writing(
        "GET /v2/users/self/checkins, createdAt",
        text="GET /v2/users/self/checkins, shout",
        hashtags="GET /v2/users/self/checkins, shout",
        counts="GET /v2/users/self/checkins, likes.count and comments.count",
    ),
    *responses(
        "GET /v2/checkins/{id}, likes and comments",
        dates="GET /v2/checkins/{id}, comments.items[].createdAt",
    ),
)

"""YouTube, TikTok and Twitch (read 2026-11)."""

from django.utils.translation import gettext_noop as _

from scoring.signals.sets import derived, responses, sent, writing
from scoring.signals.vocabulary import each, network, of, per_post, totals

# Data API v3 and Analytics API v2. Kept apart from other networks by its terms.
YOUTUBE = network(
    "youtube",
    of("followers", "channels.list, statistics.subscriberCount", _("Subscribers")),
    of("comments", "commentThreads.list, authorChannelId"),
    *derived("all comments with an author"),
    of("anonymous", "videos.list, statistics.likeCount"),
    of("videos", "channels.list, statistics.videoCount"),
    of("views_ever", "channels.list, statistics.viewCount"),
    of("playlists", "playlists.list, pageInfo.totalResults"),
    of("subscriptions", "subscriptions.list, pageInfo.totalResults", owner_only=True),
    of("members", "members.list", owner_only=True),
    of("follows_gained", "reports.query, subscribersGained", owner_only=True),
    of("follows_lost", "reports.query, subscribersLost", owner_only=True),
    of("watch_hours", "reports.query, estimatedMinutesWatched", owner_only=True),
    of("watch_share", "reports.query, averageViewPercentage", owner_only=True),
    of("month_views", "reports.query, views", owner_only=True),
    of("followers_gained", "subscriberCount of two days", _("Subscribers gained")),
    *totals("videos.list, statistics.{}", "likes=likeCount"),
    *per_post(
        "videos.list, statistics.{}",
        "likes=likeCount",
        "comments=commentCount",
        "views=viewCount",
    ),
    *totals("reports.query, {}", "shares", "dislikes", owner_only=True),
    of("discussion", "videos.list, statistics.commentCount, likeCount"),
    of("like_rate", "videos.list, statistics.likeCount, viewCount"),
    *each("videos.list, statistics", "reactions_typical", "engagement"),
    *writing(
        "videos.list, snippet.publishedAt",
        text="videos.list, snippet.description",
        links="videos.list, snippet.description",
        hashtags="videos.list, snippet.tags",
        language="videos.list, snippet.defaultAudioLanguage",
        counts="videos.list, statistics",
    ),
    *responses(
        "commentThreads.list, authorChannelId",
        kinds=1,
        dates="commentThreads.list, publishedAt",
    ),
)

TIKTOK = network(
    "tiktok",
    of("followers", "GET /v2/user/info/, follower_count"),
    of("anonymous", "POST /v2/video/list/, like_count, comment_count, share_count"),
    of("following", "GET /v2/user/info/, following_count"),
    of("likes_ever", "GET /v2/user/info/, likes_count"),
    of("videos", "GET /v2/user/info/, video_count"),
    of("followers_gained", "follower_count of two days"),
    of("followers_ratio", "follower_count, following_count"),
    *totals("POST /v2/video/list/, {}", "likes=like_count", "comments=comment_count"),
    *per_post(
        "POST /v2/video/list/, {}",
        "likes=like_count",
        "comments=comment_count",
        "shares=share_count",
        "views=view_count",
    ),
    of("discussion", "POST /v2/video/list/, comment_count, like_count"),
    of("like_rate", "POST /v2/video/list/, like_count, view_count"),
    *each("the counts of POST /v2/video/list/", "reactions_typical", "engagement"),
    *writing(
        "POST /v2/video/list/, create_time",
        text="POST /v2/video/list/, video_description",
        hashtags="POST /v2/video/list/, video_description, #",
        counts="the counts of POST /v2/video/list/",
    ),
)

TWITCH = network(
    "twitch",
    of("followers", "GET /helix/channels/followers, total"),
    of(
        "reshares",
        "GET /helix/clips, creator_id",
        _("People who clip"),
        _("Different people who made a clip of a broadcast, each halved every 4.5 days since."),
    ),
    *derived("all clips with who made them"),
    of("following", "GET /helix/channels/followed, total", owner_only=True),
    of("members", "GET /helix/subscriptions, total", _("Subscribers who pay"), owner_only=True),
    of("new_follows", "GET /helix/channels/followers, followed_at", owner_only=True),
    of("chatters", "GET /helix/chat/chatters, total", owner_only=True),
    of("cheers", "GET /helix/bits/leaderboard", owner_only=True),
    of("viewers", "GET /helix/streams, viewer_count"),
    of("hours_streamed", "GET /helix/videos, duration"),
    of("videos", "GET /helix/videos"),
    of("clips", "GET /helix/clips, creator_id"),
    of("clip_views", "GET /helix/clips, view_count"),
    of("followers_gained", "total of two days"),
    of("followers_ratio", "totals of channels/followers and channels/followed", owner_only=True),
    *per_post("GET /helix/videos, {}", "views=view_count"),
    *writing(
        "GET /helix/videos, published_at",
        text="GET /helix/videos, title and description",
        language="GET /helix/videos, language",
    ),
    *responses(
        "creator_id of clips; user_id of channels/followers",
        dates="GET /helix/clips, created_at; GET /helix/videos, published_at",
        mutual="creator_id of clips; GET /helix/channels/followed",
    ),
    *sent(follow="GET /helix/channels/followed, followed_at"),
)

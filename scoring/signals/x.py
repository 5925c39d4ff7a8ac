"""X (Twitter): API v2, fields of its specification 2.167 (read 2026-11)."""

from django.utils.translation import gettext_noop as _

from scoring.signals.sets import derived, responses, sent, writing
from scoring.signals.vocabulary import each, network, of, per_post, totals

X = network(
    "x",
    of("followers", "User.public_metrics.followers_count"),
    of("lists", "User.public_metrics.listed_count"),
    # Likes are private to the author, and at most 100 people are named for a post.
    of("likes", "GET /2/tweets/:id/liking_users", owner_only=True),
    of(
        "reshares",
        "GET /2/tweets/:id/retweeted_by",
        _("People who repost"),
        _("Different people who reposted a post, each halved every 4.5 days since."),
    ),
    of(
        "comments",
        "GET /2/users/:id/mentions, in_reply_to_user_id",
        _("People who reply"),
        _("Different people who replied to a post, each halved every 4.5 days since."),
    ),
    of("quotes", "GET /2/tweets/:id/quote_tweets"),
    of("mentions", "GET /2/users/:id/mentions"),
    *derived("all reactions with an author"),
    of("following", "User.public_metrics.following_count"),
    of("posts", "User.public_metrics.post_count"),
    of("likes_given", "User.public_metrics.like_count"),
    of("media", "User.public_metrics.media_count"),
    of("verified_followers", "User.verified_followers_count"),
    of("affiliates", "GET /2/users/:id/affiliates"),
    of("lists_made", "GET /2/users/:id/owned_lists"),
    of("lists_followed", "GET /2/users/:id/followed_lists"),
    of("followers_gained", "User.public_metrics.followers_count of two days"),
    of("followers_ratio", "followers_count, following_count"),
    of("lists_ratio", "listed_count, followers_count"),
    *per_post(
        "Post.public_metrics.{}",
        "likes=like_count",
        "reshares=repost_count",
        "comments=reply_count",
        "quotes=quote_count",
        "saves=bookmark_count",
        "views=impression_count",
    ),
    of("discussion", "Post.public_metrics.reply_count, like_count"),
    of("spread", "Post.public_metrics.repost_count, like_count"),
    of("like_rate", "Post.public_metrics.like_count, impression_count"),
    *each("Post.public_metrics", "reactions_typical", "engagement"),
    *totals(
        "GET /2/tweets/analytics, {}",
        "link_clicks=url_clicks",
        "profile_visits=user_profile_clicks",
        "follows",
        "shares",
        "detail_views=detail_expands",
        "hashtag_clicks",
        "engagements",
        owner_only=True,
    ),
    *totals("Media.public_metrics.{}", "video_views=view_count"),
    *totals("Media.non_public_metrics.{}", "full_plays=playback_100_count", owner_only=True),
    *writing(
        "Post.created_at",
        text="Post.text",
        replies="Post.in_reply_to_user_id",
        links="Post.entities.urls",
        hashtags="Post.entities.hashtags",
        mentions="Post.entities.mentions",
        language="Post.lang",
        counts="Post.public_metrics",
    ),
    *responses(
        "User of who acted",
        dates="Post.created_at of replies and quotes",
        audience="User.public_metrics.followers_count of who acted",
        mutual="User of who acted, Post.referenced_posts",
    ),
    *sent(
        comment="Post.in_reply_to_user_id",
        reshare="Post.referenced_posts of type retweeted",
        quote="Post.referenced_posts of type quoted",
        mention="Post.entities.mentions",
        like="GET /2/users/:id/liked_tweets",
    ),
)

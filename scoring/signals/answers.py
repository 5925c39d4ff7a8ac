"""Places of questions, links and articles: Reddit, Stack Exchange, Hacker News, Wikipedia."""

from django.utils.translation import gettext_noop as _

from scoring.signals.sets import derived, responses, sent, writing
from scoring.signals.vocabulary import network, of, per_post, totals

# Read 2026-11. Voters are never told.
REDDIT = network(
    "reddit",
    of("followers", "GET /api/v1/me, subreddit.subscribers"),
    of("comments", "GET /comments/{article}, author"),
    of("mentions", "GET /message/mentions, author", owner_only=True),
    *derived("all comments and mentions with an author"),
    of("anonymous", "GET /user/{u}/submitted, score"),
    of("link_karma", "GET /api/v1/me, link_karma"),
    of("comment_karma", "GET /api/v1/me, comment_karma"),
    of("award_karma", "GET /api/v1/me, awardee_karma"),
    of("subreddits", "GET /user/{u}/moderated_subreddits"),
    of("readers", "GET /user/{u}/moderated_subreddits, subscribers"),
    of("subscriptions", "GET /subreddits/mine/subscriber", owner_only=True),
    of("trophies", "GET /api/v1/user/{u}/trophies"),
    of("comments_written", "GET /user/{u}/comments"),
    *totals("GET /user/{{u}}/submitted, {}", "crossposts=num_crossposts"),
    *per_post(
        "GET /user/{{u}}/submitted, {}",
        "votes=score",
        "comments=num_comments",
    ),
    *writing(
        "GET /user/{u}/submitted, created_utc",
        text="GET /user/{u}/submitted, selftext",
        links="GET /user/{u}/submitted, domain",
        counts="GET /user/{u}/submitted, score and num_comments",
    ),
    *responses(
        "GET /comments/{article}, author",
        kinds=1,
        dates="GET /comments/{article}, created_utc",
        mutual="GET /comments/{article}, author; GET /user/{u}/comments, link_author",
    ),
    *sent(comment="GET /user/{u}/comments, link_author"),
)

STACKEXCHANGE = network(
    "stackexchange",
    of("comments", "GET /posts/{ids}/comments and /questions/{ids}/answers, owner"),
    of("mentions", "GET /users/{ids}/mentioned, owner"),
    *derived("all comments and mentions with an author"),
    of("anonymous", "GET /users/{ids}/questions and /users/{ids}/answers, score"),
    of("reputation", "GET /users/{ids}, reputation"),
    of("reputation_month", "GET /users/{ids}, reputation_change_month"),
    of("gold_badges", "GET /users/{ids}, badge_counts.gold"),
    of("silver_badges", "GET /users/{ids}, badge_counts.silver"),
    of("bronze_badges", "GET /users/{ids}, badge_counts.bronze"),
    of("questions", "GET /users/{ids}, question_count"),
    of("answers", "GET /users/{ids}, answer_count"),
    of("accepted_answers", "GET /users/{ids}/answers, is_accepted"),
    of("votes_cast", "GET /users/{ids}, up_vote_count and down_vote_count"),
    of("views_ever", "GET /users/{ids}, view_count", _("Visits to the profile")),
    of("questions_views", "GET /users/{ids}/questions, view_count"),
    of("tag_scores", "GET /users/{ids}/top-tags, answer_score"),
    *per_post(
        "GET /users/{{ids}}/questions and /answers, {}",
        "votes=score",
        "comments=answer_count",
    ),
    *writing(
        "GET /users/{ids}/questions and /answers, creation_date",
        text="GET /users/{ids}/questions and /answers, body",
        hashtags="GET /users/{ids}/questions, tags",
        counts="GET /users/{ids}/questions, answer_count",
    ),
    *responses(
        "GET /posts/{ids}/comments, owner",
        dates="GET /posts/{ids}/comments, creation_date",
        mutual="GET /posts/{ids}/comments, owner; GET /users/{ids}/comments, reply_to_user",
    ),
    *sent(comment="GET /users/{ids}/comments, reply_to_user"),
)

HACKERNEWS = network(
    "hackernews",
    of("comments", "GET hn.algolia.com/api/v1/items/{id}, author of children"),
    *derived("all comments with an author"),
    of("anonymous", "GET hn.algolia.com/api/v1/search_by_date, points"),
    of("karma", "GET /v0/user/{id}.json, karma"),
    of("posts", "GET /v0/user/{id}.json, submitted"),
    of("comments_written", "hn.algolia.com search, tags=comment,author_x, nbHits"),
    of("mentions_told", "hn.algolia.com search, query, nbHits"),
    *per_post(
        "GET hn.algolia.com/api/v1/search_by_date, {}", "votes=points", "comments=num_comments"
    ),
    *writing(
        "GET hn.algolia.com/api/v1/search_by_date, created_at_i",
        text="GET hn.algolia.com/api/v1/search_by_date, title, story_text and comment_text",
        links="GET hn.algolia.com/api/v1/search_by_date, url",
    ),
    *responses(
        "GET hn.algolia.com/api/v1/items/{id}, author of children",
        kinds=1,
        dates="GET hn.algolia.com/api/v1/items/{id}, created_at_i of children",
        mutual="GET hn.algolia.com/api/v1/items/{id}, author of children and of the parent",
    ),
    *sent(comment="GET hn.algolia.com/api/v1/items/{id}, author of the parent"),
)

# Of the article about a person, not of what the person writes there.
WIKIPEDIA = network(
    "wikipedia",
    of("inlinks", "action=query, prop=linkshere"),
    of("outlinks", "action=query, prop=links"),
    of("inlink_ratio", "prop=linkshere, prop=links"),
    of("pagerank", "computed from prop=linkshere and prop=links of linking articles"),
    of("languages_of_article", "prop=langlinks; wbgetentities, sitelinks"),
    of("pageviews", "metrics/pageviews/per-article, agent user"),
    of("editors", "prop=contributors"),
    of("watchers_of_article", "prop=info, inprop=watchers"),
    of("external_links", "prop=extlinks"),
    of("edits", "list=users, usprop=editcount"),
)

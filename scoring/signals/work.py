"""Networks of work: LinkedIn, Viva Engage (Yammer) and GitHub (read 2026-11)."""

from django.utils.translation import gettext_noop as _

from scoring.signals.sets import derived, responses, sent, writing
from scoring.signals.vocabulary import each, network, of, per_post, totals

_POSTS = "GET /rest/memberCreatorPostAnalytics, {}"

# What members did themselves is told by the data portability API (EEA and Switzerland).
LINKEDIN = network(
    "linkedin",
    of("followers", "GET /rest/memberFollowersCount", owner_only=True),
    of("connections", "own file: Connections.csv; memberSnapshotData, CONNECTIONS"),
    of("recommendations", "own file: Recommendations_Received.csv"),
    of("endorsements", "own file: Endorsement_Received_Info.csv"),
    of("skills", "memberSnapshotData, SKILLS"),
    of("groups", "memberSnapshotData, GROUPS"),
    of("pages_followed", "own file: Member_Follows.csv"),
    of("posts", "own file: Shares.csv"),
    of("comments_written", "own file: Comments.csv"),
    of("likes_given", "own file: Reactions.csv"),
    # Others' names may be shown for a day and never kept: counts only.
    of("anonymous", _POSTS.format("REACTION, COMMENT, RESHARE"), owner_only=True),
    of("followers_gained", "memberFollowersCount of two days", owner_only=True),
    *totals(
        _POSTS,
        "likes=REACTION",
        "comments=COMMENT",
        "reshares=RESHARE",
        "saves=POST_SAVE",
        "shares=POST_SEND",
        owner_only=True,
    ),
    *per_post(
        _POSTS,
        "likes=REACTION",
        "comments=COMMENT",
        "reshares=RESHARE",
        "views=IMPRESSION",
        "reach=MEMBERS_REACHED",
        owner_only=True,
    ),
    of("discussion", _POSTS.format("COMMENT, REACTION"), owner_only=True),
    of("spread", _POSTS.format("RESHARE, REACTION"), owner_only=True),
    of("like_rate", _POSTS.format("REACTION, IMPRESSION"), owner_only=True),
    *each("GET /rest/memberCreatorPostAnalytics", "reactions_typical", owner_only=True),
    *writing(
        "own file: Shares.csv, Date",
        text="own file: Shares.csv, ShareCommentary",
        links="own file: Shares.csv, SharedUrl",
        hashtags="own file: Shares.csv, ShareCommentary",
    ),
)

YAMMER = network(
    "yammer",
    of("followers", "GET /api/v1/users/current.json, stats.followers"),
    of(
        "likes",
        "GET /api/v1/users/liked_message/:id.json",
        _("People who like"),
    ),
    of("comments", "GET /api/v1/messages/in_thread/:id.json, sender_id", _("People who reply")),
    of("mentions", "GET /api/v1/messages/received.json, sender_id", owner_only=True),
    *derived("all likes, replies and mentions with an author"),
    of("following", "GET /api/v1/users/current.json, stats.following"),
    of("posts", "GET /api/v1/users/current.json, stats.updates"),
    of("groups", "GET /api/v1/groups/for_user/:id.json"),
    of("followers_gained", "stats.followers of two days"),
    of("followers_ratio", "stats.followers, stats.following"),
    *per_post(
        "GET /api/v1/messages/sent.json, {}",
        "likes=liked_by.count",
        "comments=references[].stats.updates",
    ),
    *writing(
        "GET /api/v1/messages/sent.json, created_at",
        text="GET /api/v1/messages/sent.json, body.plain",
        replies="GET /api/v1/messages/sent.json, replied_to_id",
        hashtags="GET /api/v1/messages/sent.json, body.plain",
        counts="GET /api/v1/messages/sent.json, liked_by.count",
    ),
    *responses(
        "GET /api/v1/messages/in_thread/:id.json, sender_id",
        dates="GET /api/v1/messages/in_thread/:id.json, created_at",
        audience="GET /api/v1/messages/in_thread/:id.json, references[].stats.followers",
    ),
)

GITHUB = network(
    "github",
    of("followers", "GET /users/{u}, followers"),
    of(
        "likes",
        "GET /repos/{o}/{r}/stargazers, starred_at",
        _("People who star"),
        _("Different people who starred a repository, each halved every 4.5 days since."),
    ),
    of(
        "reshares",
        "GET /repos/{o}/{r}/forks, owner",
        _("People who fork"),
        _("Different people who forked a repository, each halved every 4.5 days since."),
    ),
    of("comments", "GET /repos/{o}/{r}/issues/comments, user"),
    of("mentions", "GET /search/issues?q=mentions:{u}"),
    *derived("all stars, forks, comments and mentions with an author"),
    of("following", "GET /users/{u}, following"),
    of("repositories", "GET /users/{u}, public_repos"),
    of("gists", "GET /users/{u}, public_gists"),
    of("stars", "GET /users/{u}/repos, stargazers_count"),
    of("best_stars", "GET /users/{u}/repos, stargazers_count"),
    of("forks", "GET /users/{u}/repos, forks_count"),
    of("watchers", "GET /repos/{o}/{r}, subscribers_count"),
    of("starred", "GET /users/{u}/starred"),
    of("sponsors", "GraphQL User.sponsors.totalCount"),
    of("commits", "GraphQL contributionsCollection.totalCommitContributions"),
    of("pulls", "GraphQL contributionsCollection.totalPullRequestContributions"),
    of("issues", "GraphQL contributionsCollection.totalIssueContributions"),
    of("reviews", "GraphQL contributionsCollection.totalPullRequestReviewContributions"),
    of("repositories_helped", "GraphQL repositoriesContributedTo.totalCount"),
    of("affiliates", "GET /users/{u}/orgs", _("Organisations")),
    of("followers_gained", "followers of two days"),
    of("followers_ratio", "followers, following"),
    *totals("GET /repos/{{o}}/{{r}}/traffic/{}", "views=views", "clones=clones", owner_only=True),
    *totals("GET /repos/{{o}}/{{r}}/releases, {}", "downloads=assets[].download_count"),
    *per_post("GET /repos/{{o}}/{{r}}/releases, {}", "reactions=reactions.total_count"),
    *responses(
        "users of stars, forks and comments",
        dates="starred_at and created_at",
        audience="GET /users/{u}, followers, of who acted",
        mutual="users of stars, forks and comments; GET /users/{u}/starred",
    ),
    *sent(
        like="GET /users/{u}/starred, owner",
        comment="GET /users/{u}/events/public, IssueCommentEvent",
    ),
)

"""Counts of accounts that are only shown: what each is called and says, for all networks.

Those that carry weight (followers, lists) are in vocabulary.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from scoring.signals.definition import SignalFamily

_AUDIENCE, _STANDING = SignalFamily.AUDIENCE, SignalFamily.STANDING
_REACTION, _ACTIVITY = SignalFamily.REACTION, SignalFamily.ACTIVITY

PEOPLE, COUNT = _("people"), _("a count")


@dataclass(frozen=True, slots=True)
class Told:
    """A count of an account, as the network tells it of a day."""

    name: str
    sentence: str
    family: SignalFamily
    unit: str = COUNT


_AS_COUNTED = _("As the network counts it today.")
_LAST_MONTH = _("Of the last 28 days, as the network counts it.")

LEVELS: dict[str, Told] = {
    # What the person does.
    "following": Told(_("Following"), _("How many the account follows."), _ACTIVITY),
    "posts": Told(_("Posts"), _("How many posts the account wrote."), _ACTIVITY),
    "media": Told(_("Pictures and films"), _AS_COUNTED, _ACTIVITY),
    "photos": Told(_("Photos"), _AS_COUNTED, _ACTIVITY),
    "videos": Told(_("Videos"), _AS_COUNTED, _ACTIVITY),
    "stories": Told(_("Stories"), _("Stories that are up today."), _ACTIVITY),
    "albums": Told(_("Albums"), _AS_COUNTED, _ACTIVITY),
    "events": Told(_("Events"), _AS_COUNTED, _ACTIVITY),
    "likes_given": Told(_("Likes given"), _("How many posts the account liked."), _ACTIVITY),
    "comments_written": Told(_("Comments written"), _AS_COUNTED, _ACTIVITY),
    "lists_made": Told(_("Lists made"), _("Lists that the account keeps."), _ACTIVITY),
    "lists_followed": Told(_("Lists followed"), _AS_COUNTED, _ACTIVITY),
    "groups": Told(_("Groups joined"), _AS_COUNTED, _ACTIVITY),
    "pages_followed": Told(_("Pages followed"), _AS_COUNTED, _ACTIVITY),
    "playlists": Told(_("Playlists"), _AS_COUNTED, _ACTIVITY),
    "repositories": Told(_("Public repositories"), _AS_COUNTED, _ACTIVITY),
    "gists": Told(_("Public gists"), _AS_COUNTED, _ACTIVITY),
    "commits": Told(_("Commits"), _("Of the last year."), _ACTIVITY),
    "pulls": Told(_("Pull requests opened"), _("Of the last year."), _ACTIVITY),
    "issues": Told(_("Issues opened"), _("Of the last year."), _ACTIVITY),
    "reviews": Told(_("Reviews written"), _("Of the last year."), _ACTIVITY),
    "repositories_helped": Told(
        _("Repositories contributed to"), _("Of the last year."), _ACTIVITY
    ),
    "starred": Told(_("Repositories starred"), _AS_COUNTED, _ACTIVITY),
    "boards": Told(_("Boards"), _AS_COUNTED, _ACTIVITY),
    "questions": Told(_("Questions asked"), _AS_COUNTED, _ACTIVITY),
    "answers": Told(_("Answers written"), _AS_COUNTED, _ACTIVITY),
    "votes_cast": Told(_("Votes cast"), _AS_COUNTED, _ACTIVITY),
    "edits": Told(_("Edits"), _("How often the person edited articles."), _ACTIVITY),
    "checkins": Told(_("Check-ins"), _("How often the person checked in somewhere."), _ACTIVITY),
    "tips": Told(_("Tips written"), _AS_COUNTED, _ACTIVITY),
    "places": Told(_("Different places visited"), _AS_COUNTED, _ACTIVITY),
    "outlinks": Told(_("Links to other articles"), _AS_COUNTED, _ACTIVITY),
    "subscriptions": Told(_("Subscriptions"), _AS_COUNTED, _ACTIVITY),
    "hours_streamed": Told(_("Hours on air"), _LAST_MONTH, _ACTIVITY, _("hours")),
    "skills": Told(_("Skills"), _("Skills that the profile names."), _ACTIVITY),
    "given": Told(_("Credit given"), _("Credit that the person gave to others."), _ACTIVITY),
    # Who listens.
    "friends": Told(_("Friends"), _("People who are friends with the person."), _AUDIENCE, PEOPLE),
    "connections": Told(
        _("Connections"), _("People who are connected with the person."), _AUDIENCE, PEOPLE
    ),
    "page_likes": Told(
        _("People who like the page"), _("Also those who do not follow it."), _AUDIENCE, PEOPLE
    ),
    "verified_followers": Told(
        _("Verified followers"), _("Followers that the network has verified."), _AUDIENCE, PEOPLE
    ),
    "members": Told(_("Paying members"), _AS_COUNTED, _AUDIENCE, PEOPLE),
    "sponsors": Told(_("Sponsors"), _AS_COUNTED, _AUDIENCE, PEOPLE),
    "board_followers": Told(
        _("Followers of boards"), _("Of all boards together."), _AUDIENCE, PEOPLE
    ),
    "viewers": Told(
        _("Viewers at once"), _("The middle of all broadcasts of 28 days."), _AUDIENCE, PEOPLE
    ),
    "readers": Told(
        _("Readers of subreddits"), _("Of those that the person moderates."), _AUDIENCE
    ),
    "month_reach": Told(_("People reached in a month"), _LAST_MONTH, _AUDIENCE, PEOPLE),
    "month_views": Told(_("Views in a month"), _LAST_MONTH, _AUDIENCE),
    "views_ever": Told(_("Views in all"), _("Since the account exists."), _AUDIENCE),
    "pageviews": Told(
        _("Readers of the article"), _("Views by people in 28 days, without bots."), _AUDIENCE
    ),
    "follows_gained": Told(_("New followers, told by the network"), _LAST_MONTH, _AUDIENCE, PEOPLE),
    "follows_lost": Told(_("Followers lost"), _LAST_MONTH, _AUDIENCE, PEOPLE),
    # What others attribute.
    "stars": Told(_("Stars"), _("Of all own repositories together."), _STANDING),
    "best_stars": Told(_("Stars of the best repository"), _AS_COUNTED, _STANDING),
    "forks": Told(_("Forks"), _("Copies of own repositories that others work on."), _STANDING),
    "watchers": Told(_("Watchers"), _("Of all own repositories together."), _STANDING, PEOPLE),
    "recommendations": Told(
        _("Recommendations"), _("Written by others about the person."), _STANDING
    ),
    "endorsements": Told(_("Endorsements"), _("Skills that others vouch for."), _STANDING),
    "reputation": Told(
        _("Reputation"), _("What votes of others came to, as the network counts it."), _STANDING
    ),
    "reputation_month": Told(_("Reputation of a month"), _LAST_MONTH, _STANDING),
    "gold_badges": Told(_("Gold badges"), _AS_COUNTED, _STANDING),
    "silver_badges": Told(_("Silver badges"), _AS_COUNTED, _STANDING),
    "bronze_badges": Told(_("Bronze badges"), _AS_COUNTED, _STANDING),
    "accepted_answers": Told(
        _("Accepted answers"), _("Answers that who asked took as the solution."), _STANDING
    ),
    "tag_scores": Told(_("Score in tags"), _("Votes on answers in the best five tags."), _STANDING),
    "link_karma": Told(_("Karma from posts"), _AS_COUNTED, _STANDING),
    "comment_karma": Told(_("Karma from comments"), _AS_COUNTED, _STANDING),
    "award_karma": Told(_("Karma from awards"), _AS_COUNTED, _STANDING),
    "karma": Told(_("Karma"), _AS_COUNTED, _STANDING),
    "subreddits": Told(_("Subreddits moderated"), _AS_COUNTED, _STANDING),
    "trophies": Told(_("Trophies"), _AS_COUNTED, _STANDING),
    "mayorships": Told(
        _("Mayorships"), _("Places where the person checked in most often."), _STANDING
    ),
    "tips_saved": Told(_("Tips saved"), _("How often others saved the person's tips."), _STANDING),
    "tips_liked": Told(_("Tips liked"), _("How often others liked the person's tips."), _STANDING),
    "badges": Told(_("Badges"), _AS_COUNTED, _STANDING),
    "inlinks": Told(_("Links from articles"), _("Articles that link to the person's."), _STANDING),
    "pagerank": Told(
        _("PageRank"),
        _("Importance of the article from who links to it, and who links to those."),
        _STANDING,
        _("times the average"),
    ),
    "languages_of_article": Told(_("Language editions"), _AS_COUNTED, _STANDING),
    "watchers_of_article": Told(_("Watchers of the article"), _AS_COUNTED, _STANDING, PEOPLE),
    "editors": Told(
        _("Editors of the article"), _("Different people who edited it."), _STANDING, PEOPLE
    ),
    "external_links": Told(_("Sources of the article"), _AS_COUNTED, _STANDING),
    "rating": Told(_("Rating"), _("The mean of all ratings."), _STANDING, _("of 5")),
    "ratings": Told(_("Ratings"), _("How many people rated the page."), _STANDING, PEOPLE),
    "affiliates": Told(_("Affiliated accounts"), _AS_COUNTED, _STANDING),
    "results": Told(_("Search results"), _("Pages found for the person's name."), _STANDING),
    "topics": Told(_("Topics with credit"), _("Topics for which others gave credit."), _STANDING),
    "answers_valued": Told(
        _("Answers valued"), _("Answers that others found good, in all topics."), _STANDING
    ),
    # What others do, counted for the whole account.
    "talking": Told(
        _("People talking about it"), _("Different people who acted in a week."), _REACTION, PEOPLE
    ),
    "were_here": Told(_("Visits to the place"), _AS_COUNTED, _REACTION),
    "checkins_here": Told(_("Check-ins at the place"), _AS_COUNTED, _REACTION),
    "likes_ever": Told(_("Likes in all"), _("Since the account exists."), _REACTION),
    "wall_posts": Told(_("Wall posts"), _("What others wrote on the page or the wall."), _REACTION),
    "tagged": Told(_("Tagged by others"), _("Posts and photos of others that tag it."), _REACTION),
    "accounts_engaged": Told(_("People who acted in a month"), _LAST_MONTH, _REACTION, PEOPLE),
    "engaged_actions": Told(_("All actions in a month"), _LAST_MONTH, _REACTION),
    "profile_taps": Told(_("Taps on the profile's links"), _LAST_MONTH, _REACTION),
    "cheers": Told(_("Cheers"), _LAST_MONTH, _REACTION),
    "clip_views": Told(_("Views of clips"), _("Clips that viewers made."), _REACTION),
    "clips": Told(_("Clips by viewers"), _LAST_MONTH, _REACTION),
    "chatters": Told(_("People in the chat"), _LAST_MONTH, _REACTION, PEOPLE),
    "mentions_told": Told(
        _("Mentions"), _("How often others wrote of the person in 28 days."), _REACTION
    ),
    "outbound_clicks": Told(_("Clicks out to the own site"), _LAST_MONTH, _REACTION),
    "saves_month": Told(_("Saves in a month"), _LAST_MONTH, _REACTION),
    "watch_hours": Told(_("Hours watched"), _LAST_MONTH, _REACTION, _("hours")),
    "watch_share": Told(
        _("Share of a video that is watched"), _LAST_MONTH, _REACTION, _("per cent")
    ),
    "questions_views": Told(_("Views of questions"), _("Of all questions together."), _REACTION),
}

"""Addresses of the pages."""

from django.urls import include, path

from connectors.oauth.bluesky import METADATA_PATH
from dashboard import (
    asking_wikidata,
    choosing,
    deletions,
    discounts,
    entry,
    insights,
    linking,
    lookups,
    measured,
    networks,
    preferences,
    profiles,
    proving,
    scores,
    searching,
    versions,
    views,
)
from dashboard.components import page as components
from dashboard.digest import views as digest_views
from dashboard.installing import views as installing
from dashboard.method import views as method_views
from dashboard.topics import person as person_topics
from dashboard.topics import views as topics

app_name = "dashboard"

urlpatterns = [
    # Addresses are tried in this order: those that are opened most stand first.
    path("", views.home, name="home"),
    path("p/<slug:slug>/", profiles.profile, name="profile"),
    path("score/", scores.my_score, name="score"),
    path("score/signals/", measured.my_signals, name="my_signals"),
    path("score/insights/", insights.overview, name="insights"),
    path("score/insights/times/", insights.times, name="times"),
    path("score/insights/what-if/", insights.what_if, name="what_if"),
    path("score/", include("dashboard.trend.urls")),
    path("score/appeal/<int:discount_id>/", discounts.appeal, name="appeal"),
    path("score/topics/", topics.own, name="own_topics"),
    path("score/topics/choose/", topics.choose, name="choose_topic"),
    path("score/topics/listed/", topics.list_me, name="list_me"),
    path("p/<slug:slug>/topics/", person_topics.person_topics, name="person_topics"),
    path("p/<slug:slug>/topics/give/", person_topics.give_credit, name="give_credit"),
    path("topics/", topics.browse, name="topics"),
    path("", include("dashboard.questions.urls")),
    # Published slugs may hold "/".
    path("topics/<path:slug>/", topics.topic, name="topic"),
    path("networks/", networks.networks, name="networks"),
    path("", include("dashboard.importing.urls")),
    path("networks/wikidata/", asking_wikidata.ask, name="ask_wikidata"),
    path("networks/offer/<int:offer_id>/not-mine/", networks.not_mine, name="not_mine"),
    path("networks/account/<int:account_id>/unlink/", linking.unlink, name="unlink"),
    path("networks/<slug:network_id>/link/", linking.link, name="link"),
    path(
        METADATA_PATH.removeprefix("/"),
        linking.bluesky_client_metadata,
        name="bluesky_client_metadata",
    ),
    path("networks/<slug:network_id>/code/", proving.prove, name="prove"),
    path("networks/<slug:network_id>/done/", linking.callback, name="link_callback"),
    path("networks/<slug:network_id>/choose/", choosing.choose, name="choose"),
    path("meta/<slug:network_id>/deauthorise/", deletions.deauthorised, name="deauthorised"),
    path("meta/<slug:network_id>/delete/", deletions.erased, name="delete_called"),
    path("deletion/<slug:code>/", deletions.status, name="deletion"),
    path("sign-in/finish/", entry.finish, name="entry_finish"),
    path("sign-in/<slug:network_id>/", entry.begin, name="entry"),
    path("lookup/search/", searching.results, name="search"),
    path("lookup/", lookups.start, name="lookup"),
    path("lookup/<uuid:lookup_id>/", lookups.progress, name="lookup_progress"),
    path("", include("dashboard.compare.urls")),
    path("", include("dashboard.lists.urls")),
    path("p/<slug:slug>/people/", insights.people, name="profile_people"),
    path("p/<slug:slug>/insights/", insights.profile, name="profile_insights"),
    path("method/", views.method, name="method"),
    path("method/laws/", method_views.laws, name="laws"),
    path("method/evidence/", method_views.evidence, name="evidence"),
    path("method/versions/", versions.every_version, name="versions"),
    path("method/versions/<str:version>/", versions.one_version, name="version"),
    path("signals/", views.signals, name="signals"),
    path("components/", components.index, name="components"),
    path("components/charts/", components.more_charts, name="components_charts"),
    path("robots.txt", views.robots, name="robots"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.service_worker, name="service_worker"),
    path("offline/", installing.offline, name="offline"),
    path("preferences/language/", preferences.language, name="language"),
    path("preferences/theme/", preferences.theme, name="theme"),
    path("letters/stop/<str:token>/", digest_views.stop, name="letters_stop"),
    path("", include("dashboard.sharing.urls")),
]

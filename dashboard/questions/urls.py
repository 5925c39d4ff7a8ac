"""Addresses of questions and answers."""

from django.urls import path

from dashboard.questions import reports, thanks, views, writing

urlpatterns = [
    # Published slugs may hold "/".
    path("topics/<path:slug>/questions/", views.topic_questions, name="topic_questions"),
    path("topics/<path:slug>/questions/ask/", writing.ask, name="ask"),
    path("questions/", views.for_you, name="questions"),
    path("questions/letters/", views.choose_letters, name="question_letters"),
    path("questions/mine/", views.mine, name="my_questions"),
    path("questions/<int:question_id>/", views.question, name="question"),
    path("questions/<int:question_id>/change/", writing.change_question, name="change_question"),
    path(
        "questions/<int:question_id>/withdraw/",
        writing.withdraw_question,
        name="withdraw_question",
    ),
    path("questions/<int:question_id>/answer/", writing.answer, name="answer_question"),
    path("questions/<int:question_id>/report/", reports.report_question, name="report_question"),
    path("questions/<int:question_id>/object/", reports.object_question, name="object_question"),
    path("answers/<int:answer_id>/helpful/", thanks.mark_helpful, name="mark_helpful"),
    path("answers/<int:answer_id>/accept/", thanks.accept_answer, name="accept_answer"),
    path("answers/<int:answer_id>/report/", reports.report_answer, name="report_answer"),
    path("answers/<int:answer_id>/object/", reports.object_answer, name="object_answer"),
    path("answers/<int:answer_id>/change/", writing.change_answer, name="change_answer"),
    path("answers/<int:answer_id>/withdraw/", writing.withdraw_answer, name="withdraw_answer"),
]

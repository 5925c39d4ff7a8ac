"""Addresses of questions and answers."""

from django.urls import path

from dashboard.questions import views, writing

urlpatterns = [
    # Published slugs may hold "/".
    path("topics/<path:slug>/questions/", views.topic_questions, name="topic_questions"),
    path("topics/<path:slug>/questions/ask/", writing.ask, name="ask"),
    path("questions/", views.for_you, name="questions"),
    path("questions/mine/", views.mine, name="my_questions"),
    path("questions/<int:question_id>/", views.question, name="question"),
    path("questions/<int:question_id>/change/", writing.change_question, name="change_question"),
    path(
        "questions/<int:question_id>/withdraw/",
        writing.withdraw_question,
        name="withdraw_question",
    ),
    path("questions/<int:question_id>/answer/", writing.answer, name="answer_question"),
    path("answers/<int:answer_id>/change/", writing.change_answer, name="change_answer"),
    path("answers/<int:answer_id>/withdraw/", writing.withdraw_answer, name="withdraw_answer"),
]

"""Rows that people are found by, written by triggers (migration 0007) and scoring.search only."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.db.models.functions import Left

from people.models import Person


class SearchEntry(models.Model):
    """The names of a listed person as one text, begun at one of its words; a row for each word."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    # Folded: lower case, no accents, words apart by one space, a space at the end.
    entry = models.CharField(max_length=241)
    # The newest score in whole points, for the order; 0 without one, which nobody finds.
    points = models.SmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "search entries"
        indexes = (
            # scoring.search: a word's beginning, with all that the order needs.
            models.Index(
                OpClass("entry", "text_pattern_ops"),
                name="search_entry_begins",
                include=("points", "person"),
            ),
            # scoring.search: two and three letters begin many words; the best scored first.
            models.Index(Left("entry", 2), F("points").desc(), name="search_entry_two"),
            models.Index(Left("entry", 3), F("points").desc(), name="search_entry_three"),
        )

    def __str__(self) -> str:
        return f"search entry {self.pk}"


class SearchWord(models.Model):
    """A word that begins an entry of somebody, without digits at its end: what a typo may mean."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        indexes = (
            # scoring.search: words that are spelled alike.
            GinIndex(OpClass("word", "gin_trgm_ops"), name="search_word_trigrams"),
        )

    def __str__(self) -> str:
        return self.word

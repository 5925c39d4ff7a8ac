"""Notes of one's own on the days of the chart: added, changed, deleted."""

from datetime import UTC, date, datetime

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.trend.period import MOST_DAYS
from people.acting import acting_person
from people.models import NOTE_CHARACTERS, Note
from people.notes import MOST_NOTES, TooMany, add_note, change_note, delete_note, own_note

# Words of the address of the page that a form may lead back to.
KEPT_WORDS = ("range", "from", "to", "compare", "with", "show")


class NoteForm(forms.Form):
    """A day and a few words."""

    day = forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={
            name: gettext_lazy("Please choose the day of the note.")
            for name in ("required", "invalid")
        },
    )
    text = forms.CharField(
        max_length=NOTE_CHARACTERS,
        error_messages={
            "required": gettext_lazy("Please write a few words."),
            "max_length": gettext_lazy("A note has at most 200 characters."),
        },
    )

    def clean_day(self) -> date:
        """Return the day, of the last ten years and not to come."""
        day: date = self.cleaned_data["day"]
        age_days = (datetime.now(UTC).date() - day).days
        # Where it is tomorrow already, a day ahead of UTC is today.
        if not -1 <= age_days <= MOST_DAYS:
            raise forms.ValidationError(_("Please choose a day that has been, not long ago."))
        return day

    def clean_text(self) -> str:
        """Return the words on one line."""
        return " ".join(str(self.cleaned_data["text"]).split())


def back_to_trend(query: str) -> HttpResponse:
    """Return to the chart, with what the address said of its days."""
    given = QueryDict(query[:500])
    kept = {word: given[word] for word in KEPT_WORDS if word in given}
    address = reverse("dashboard:score")
    return redirect(f"{address}?{urlencode(kept)}#notes" if kept else f"{address}#notes")


@never_cache
@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Keep a note of one's own; the same one twice is one."""
    person = acting_person(request)
    form = NoteForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return back_to_trend(request.POST.get("back", ""))
    try:
        add_note(person, form.cleaned_data["day"], form.cleaned_data["text"])
        messages.success(request, _("The note is kept. Only you see it."))
    except TooMany:
        messages.error(
            request,
            _("There is room for %(count)s notes; delete one to write another.")
            % {"count": MOST_NOTES},
        )
    return back_to_trend(request.POST.get("back", ""))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, note_id: int) -> HttpResponse:
    """Change a note of one's own; another's is not there."""
    note = _own(request, note_id)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        change_note(note, form.cleaned_data["day"], form.cleaned_data["text"])
        messages.success(request, _("The note is changed."))
        return back_to_trend("")
    typed = request.POST if form.is_bound else {}
    context = {
        "note": note,
        "day": typed.get("day", note.day.isoformat()),
        "text": typed.get("text", note.text),
        "errors": [str(errors[0]) for errors in form.errors.values()],
        "most": NOTE_CHARACTERS,
    }
    return render(request, "score/note.html", context)


@never_cache
@login_required
@require_POST
def delete(request: HttpRequest, note_id: int) -> HttpResponse:
    """Delete a note of one's own; another's is not there."""
    delete_note(_own(request, note_id))
    messages.success(request, _("The note is deleted."))
    return back_to_trend(request.POST.get("back", ""))


def _own(request: HttpRequest, note_id: int) -> Note:
    note = own_note(acting_person(request), note_id)
    if note is None:
        raise Http404
    return note

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def my_score(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def networks(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")

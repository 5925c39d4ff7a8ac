from django import forms


class AgeForm(forms.Form):
    def signup(self, request: object, user: object) -> None:
        pass

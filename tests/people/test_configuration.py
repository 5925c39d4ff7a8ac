"""Sign-in with networks as the environment configures it, read by a fresh process."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import json
from django.conf import settings
print(json.dumps({
    "providers": settings.SOCIALACCOUNT_PROVIDERS,
    "form_action": settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"],
}))
"""


def read_settings(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "klout.settings", "DEBUG": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_without_keys_no_network_is_offered_for_sign_in() -> None:
    told = json.loads(read_settings().stdout)
    assert told == {"providers": {}, "form_action": ["'self'"]}


def test_with_keys_the_network_is_offered_and_the_button_may_lead_there() -> None:
    told = json.loads(read_settings(SOCIAL_GOOGLE_ID="id", SOCIAL_GOOGLE_SECRET="hush").stdout)
    assert list(told["providers"]) == ["google"]
    assert told["providers"]["google"]["APPS"] == [{"client_id": "id", "secret": "hush", "key": ""}]
    assert told["form_action"] == ["'self'", "https://accounts.google.com"]


def test_sign_in_with_facebook_speaks_a_version_that_lives() -> None:
    told = json.loads(read_settings(SOCIAL_FACEBOOK_ID="id", SOCIAL_FACEBOOK_SECRET="hush").stdout)
    assert told["providers"]["facebook"]["VERSION"] == "v26.0"
    assert told["form_action"] == ["'self'", "https://www.facebook.com"]


def test_half_a_pair_of_keys_stops_the_start_and_names_both() -> None:
    stopped = read_settings(SOCIAL_GITHUB_ID="id")
    assert stopped.returncode != 0
    assert "SOCIAL_GITHUB_ID and SOCIAL_GITHUB_SECRET need each other" in stopped.stderr

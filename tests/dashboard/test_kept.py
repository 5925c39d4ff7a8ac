"""Parts of pages that are kept say the same as when they are written anew, to each visitor."""

import re

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.utils import translation

from dashboard.templatetags.kept import MOST_VARIANTS, KeptNode
from people.models import Person


def node_of(template: Template) -> KeptNode:
    (node,) = template.nodelist.get_nodes_by_type(KeptNode)
    assert isinstance(node, KeptNode)
    return node


def test_a_part_is_written_once_for_its_values_in_a_language() -> None:
    part = Template(
        "{% load i18n kept %}{% kept a=b %}{{ a }} {% translate 'Settings' %}{% endkept %}"
    )
    for language, value, said in (
        ("en", 1, "1 Settings"),
        ("nb", 1, "1 Innstillinger"),
        ("en", 2, "2 Settings"),
    ) * 2:
        with translation.override(language):
            assert part.render(Context({"b": value})) == said
    assert len(node_of(part).kept) == 3


def test_a_part_sees_nothing_of_the_page_but_what_is_named() -> None:
    part = Template(
        "{% load kept %}{% kept a=a with c=c %}{{ a }}{{ b }}{{ c }}{{ user }}{% endkept %}"
    )
    assert part.render(Context({"a": 1, "b": "secret", "c": 3, "user": "Alice"})) == "13"


def test_slots_are_filled_in_each_time_and_escaped() -> None:
    part = Template('{% load kept %}{% kept with next=next %}<a href="{{ next }}">{% endkept %}')
    assert part.render(Context({"next": "/a?b&c"})) == '<a href="/a?b&amp;c">'
    assert part.render(Context({"next": '"><script>'})) == '<a href="&quot;&gt;&lt;script&gt;">'
    # No value, nor the page's own text, is taken for the mark of another slot.
    assert part.render(Context({"next": "csrf_token"})) == '<a href="csrf_token">'


def test_forms_in_a_part_have_the_token_of_the_visitor_and_none_where_the_page_has_none() -> None:
    part = Template("{% load kept %}{% kept %}{% csrf_token %}{% endkept %}")
    for token in ("one", "two"):
        assert f'value="{token}"' in part.render(Context({"csrf_token": token}))
    alone = Template("{% load kept %}{% kept %}{% csrf_token %}{% endkept %}")
    assert alone.render(Context()) == ""


def test_the_variants_of_a_part_stay_few() -> None:
    part = Template("{% load kept %}{% kept a=a %}{{ a }}{% endkept %}")
    for number in range(MOST_VARIANTS + 10):
        assert part.render(Context({"a": str(number)})) == str(number)
    assert len(node_of(part).kept) == 10


@pytest.mark.parametrize("wrong", ["here", "with", "a=b with c", "with a=b c"])
def test_a_tag_that_makes_no_sense_is_refused(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template(f"{{% load kept %}}{{% kept {wrong} %}}{{% endkept %}}")


@pytest.mark.django_db
def test_the_frame_of_a_page_is_each_visitors_own(alice: Person, alice_client: Client) -> None:
    """Same address, in turns: menu, language, theme, way back and the tokens of the forms."""
    strangers = [Client(enforce_csrf_checks=True) for _ in range(2)]
    tokens = set()
    for stranger in strangers * 2:
        page = stranger.get("/method/").content.decode()
        assert "Sign in" in page
        assert "Sign out" not in page
        assert "Sign out" in alice_client.get("/method/").content.decode()
        found = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
        assert len(found) == 1
        tokens |= found
        answer = stranger.post(
            "/preferences/theme/",
            {"theme": "dark", "next": "/method/", "csrfmiddlewaretoken": found.pop()},
        )
        assert answer.status_code == 302
        assert 'data-theme="dark"' in stranger.get("/method/").content.decode()
        stranger.cookies.pop("theme")
    assert len(tokens) == 4
    for path, way_back in (("/method/?a=1&b", "/method/?a=1&amp;b"), ("/signals/", "/signals/")):
        page = strangers[0].get(path, headers={"Accept-Language": "nb"}).content.decode()
        assert page.count(f'name="next" value="{way_back}"') == 2
        assert "Logg inn" in page
        current = re.findall(r'<a href="([^"]+)" aria-current="page"', page)
        assert current == [path.partition("?")[0]] * (2 if path.startswith("/method/") else 1)

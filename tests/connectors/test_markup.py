"""Texts of servers are read by their shape just as by a parser of HTML."""

from hypothesis import given
from hypothesis import strategies as st

from connectors.markup import _Words, plain_text

# What servers write, and what else may come: each beside any other.
pieces = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<br>",
            "<br/>",
            "<br />",
            "<span>",
            '<span class="invisible">',
            "</span>",
        ),
        *("tide ", "&amp;", "&lt;p&gt;", "&#39;", "&nbsp", "&", "a > b", "\n", "ø"),
        *('<a href="https://www.example.org/x?a=1&amp;b=2" rel="nofollow">', "</a>"),
        *('<a href="https://a.example/tags/x" class="mention hashtag">', '<a href="http://[x">'),
        *("<", "<p", "<P>", "<b>", "</b>", "<!-- x -->", "<script>", "</script>", "<a href=x>"),
        *(
            '<a title=">" href="https://b.example/">',
            "<?x?>",
            "<![CDATA[x]]>",
            '<p class="a"b="c">',
        ),
    ]
)


@given(st.lists(pieces, max_size=12).map("".join))
def test_the_shape_of_a_text_gives_what_a_parser_gives(html: str) -> None:
    reader = _Words()
    reader.feed(html)
    reader.close()
    words, hosts = plain_text(html)
    assert words == "".join(reader.words).strip()
    assert hosts == tuple(dict.fromkeys(reader.hosts))


def test_paragraphs_and_breaks_are_lines_and_mentions_are_no_links() -> None:
    html = (
        '<p>Tides &amp; maps <a href="https://a.example/@b" class="u-url mention">@b</a></p>'
        '<p>one<br>two <a href="https://www.example.org/"><span>example.org</span></a></p>'
    )
    assert plain_text(html) == ("Tides & maps @b\none\ntwo example.org", ("example.org",))

"""Handles in files of every kind that spreadsheets write."""

import pytest

from dashboard.lists.csv_in import MOST_BYTES, NotCsv, decoded, delimiter_of, handles_in


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    text = "handle,name\n@ada@social.example,Åse Ærlig\n"
    assert decoded(text.encode(encoding)).lstrip("\ufeff") == text


def test_anything_else_is_latin_1() -> None:
    assert decoded("@åse@social.example\n".encode("latin-1")) == "@åse@social.example\n"


@pytest.mark.parametrize(
    ("text", "sign"),
    [("a,b\nc,d\n", ","), ("a;b,x\nc;d\ne;f\n", ";"), ("a\tb\nc\td\n", "\t"), ("a\nb\n", ",")],
)
def test_what_parts_the_columns_is_found(text: str, sign: str) -> None:
    assert delimiter_of(text) == sign


def test_the_column_of_handles_is_known_by_its_title_else_the_first() -> None:
    named = b"name;Handle\r\nAda;'@ada@a.example\r\n\r\nBo;@bo@b.example\r\n"
    assert [(c.line, c.text) for c in handles_in(named)] == [
        (2, "@ada@a.example"),
        (4, "@bo@b.example"),
    ]
    assert [c.text for c in handles_in(b"@ada@a.example\n@bo@b.example")] == [
        "@ada@a.example",
        "@bo@b.example",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"handle\n", "empty"),
        (b"\n\n , \n", "empty"),
        (b"x" * (MOST_BYTES + 1), "size"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(5), "binary"),
        (b'"' + b"x" * 200_000, "binary"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(NotCsv) as refused:
        handles_in(data)
    assert refused.value.reason == reason

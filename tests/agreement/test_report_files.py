"""The report as files to send: HTML and Markdown, from what JSON holds."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from concord.agreement.questions import of_votes
from concord.agreement.report import report
from concord.agreement.report_html import as_html
from concord.agreement.report_json import as_json
from concord.agreement.report_markdown import as_markdown
from concord.agreement.report_sections import sections
from concord.agreement.votes import votes_of
from concord.agreement.words import HEADS, WORDS, word
from concord.records.annotation import Labels
from concord.records.gold import Known

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOSTILE = '<script src="https://evil.example/x.js"></script>"><img src=x onerror=alert(1)>'


TAGS = {*"html head meta title style body h1 h2 h3 p div table tr th td svg line text circle".split()}  # noqa: SIM905


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def hostile(campaign) -> dict[str, Any]:
    """A report in which everything that people write is an attack."""
    for number in range(60):
        item = campaign.item(f"{HOSTILE} {number}", template_id="reply", template_version=f"{HOSTILE}{number % 2}")
        for who in ("ann", HOSTILE, "cid"):
            value = HOSTILE if (number + len(who)) % 3 else "fine"
            campaign.judge(item, who, Labels({HOSTILE: value}))
        for name, model in (("d1", "tiny"), ("d2", HOSTILE)):
            campaign.draft(item, name, f"{name} {number}", model=model)
        campaign.rank(item, "ann", "d1 > d2" if number % 3 else "d2 > d1")
    return json.loads(json.dumps(as_json(report(campaign.store, campaign.project)), allow_nan=False))


def test_what_people_wrote_is_text_in_the_page_and_nothing_is_fetched(hostile: dict[str, Any]) -> None:
    page = as_html(hostile)
    read = Tags(page)
    assert read.tags <= TAGS
    assert not read.attributes & {"src", "href", "onerror", "onload", "action"}
    assert HOSTILE in read.text
    assert "default-src 'none'" in page
    assert "url(" not in page


def test_what_people_wrote_makes_no_markup_in_markdown(hostile: dict[str, Any]) -> None:
    text = as_markdown(hostile)
    assert not re.search(r"(?<!\\)<", text)
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if line.startswith("| ")]
    assert min(widths) >= 3


def test_both_files_have_every_part_of_the_report(hostile: dict[str, Any]) -> None:
    titles = {table.title for section in sections(hostile) for table in section.tables}
    assert {
        "Each pair of annotators",
        "Most disputed items",
        "Consensus",
        "By version",
        "Row beat column",
        "People: agreement with the others (no ranking: see the intervals)",
    } <= titles
    for written in (Tags(as_html(hostile)).text, as_markdown(hostile).replace("\\", "")):
        assert [title for title in titles if title not in written] == []


def test_every_statistic_of_votes_has_a_name_a_meaning_a_range_and_a_warning() -> None:
    for kind in ("label", "rating", "comparison"):
        values = ("first", "tie") if kind == "comparison" else ("1", "2")
        rows = [(who, str(i), values[(i + len(who)) % 2]) for i in range(4) for who in ("x", "yy")]
        for _, group in of_votes(votes_of(rows, kind=kind), 0):
            assert [name for name in group.statistics if not all(word(name))] == []
    assert all(all(one) for one in WORDS.values())


def test_an_empty_report_says_so() -> None:
    assert "Nobody has annotated anything yet." in as_html({"project": "new", "seed": 0, "agreement": {}})


def test_every_number_in_the_page_says_what_it_is_where_the_pointer_rests(hostile: dict[str, Any]) -> None:
    page = as_html(hostile)
    told = {table.title: table for section in sections(hostile) for table in section.tables}
    for title in ("Each pair of annotators", "Most disputed items", "By version"):
        assert all(told[title].explained), title
    assert (
        page.count(f'<tr title="{escape(str(word("krippendorff_alpha")))}">') == 4
    )  # of labels, by two versions, of ranks
    assert f'<th title="{escape(HEADS["95 % interval"])}">95 % interval</th>' in page


def test_people_stand_beside_known_answers_in_every_form_of_the_report(campaign) -> None:
    for number in range(3):
        item = campaign.item(f"q{number}")
        campaign.store.add_gold([Known(campaign.project.id, item.id, Labels({"tone": "warm"}))], NOW)
        campaign.judge(item, "ann", Labels({"tone": "warm"}))
        campaign.judge(item, HOSTILE, Labels({"tone": "cold" if number else "warm"}))
    made = json.loads(json.dumps(as_json(report(campaign.store, campaign.project)), allow_nan=False))
    ann = made["known_answers"]["ann"]
    assert (ann["hits"], ann["choices"], ann["share"], ann["tau_b"]) == (3, 3, 1.0, None)
    [section] = [section for section in sections(made) if section.title == "People against known answers"]
    [other, first] = sorted(section.tables[0].rows)
    assert first == ("ann", "3", "3", "1.000", "0.439 to 1.000", "", "")
    assert other == (HOSTILE, "1", "3", "0.333", "0.061 to 0.792", "", "")
    assert "People against known answers" in as_markdown(made)
    assert f'<th title="{escape(HEADS["chrf"])}">chrF</th>' in as_html(made)
    assert made["agreement"] == {}  # known answers are in no agreement

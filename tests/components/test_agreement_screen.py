"""The agreement page with much to show: questions at a glance, other arms apart, legible answers and charts."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from components.services import get_reporter
from components.widgets.agreement_words import notes_of, number
from concord.agreement.statistic import Statistic
from concord.records.annotation import Labels, Ratings
from storage.store import Store

Open = Callable[..., AppTest]
LONG = "a.very.long.name@example.org"


@pytest.fixture
def busy(new_campaign: Callable[..., Any]) -> Any:
    """Six items that two annotators labelled and rated, and a planted fault that they labelled."""
    campaign = new_campaign()
    for place, item in enumerate(campaign.items(6)):
        for who, tone in (("ann", ["warm", "cold"][place % 2]), (LONG, ["warm", "cold"][place % 3 % 2])):
            campaign.judge(item, who, Labels({"about": '["price","delivery"]' if place else "[]", "tone": tone}))
            campaign.judge(item, who, Ratings({"help": float(place % 3)}))
    planted = campaign.item("planted", arm="canary")
    for who in ("ann", LONG):
        campaign.judge(planted, who, Labels({"tone": "warm"}))
    return campaign


@pytest.fixture
def page(busy: Any, open_screen: Open, store: Store) -> AppTest:
    """The page once its report is made, however long that takes."""
    get_reporter().ask(busy.project, store.counts(busy.project.id), patience=60)
    return open_screen("agreement", project=busy.project.name)


def table(app: AppTest, column: str) -> Any:
    """The first table with that column."""
    return next(frame.value for frame in app.dataframe if column in frame.value.columns)


def test_all_questions_stand_at_the_top_each_with_its_headline(page: AppTest) -> None:
    assert not page.exception
    overview = table(page, "Question")
    assert overview["Question"].tolist() == ["About", "About: delivery", "About: price", "Help", "Tone"]
    assert overview["Statistic"].tolist()[-2:] == ["Krippendorff’s α (ordinal)", "Krippendorff’s α (nominal)"]
    assert overview["Items"].tolist() == [6] * 5


def test_other_arms_are_drawn_only_when_somebody_looks(page: AppTest, busy: Any) -> None:
    sections = [heading.value for heading in page.subheader]
    assert sections.count("Tone") == 1
    page.session_state[f"arms-{busy.project.name}"] = True
    page.run()
    assert [heading.value for heading in page.subheader].count("Tone") == 2
    assert any("canary: a fault was planted" in caption.value for caption in page.caption)


def test_several_labels_at_once_are_shown_as_words(page: AppTest) -> None:
    shares = [frame.value for frame in page.dataframe if "Share" in frame.value.columns]
    assert set(shares[0]["Value"].tolist()) == {"none", "delivery, price"}


def test_columns_without_anything_in_them_are_left_out(page: AppTest) -> None:
    assert "s an item" not in table(page, "Annotator").columns


def test_a_chart_keeps_the_order_of_the_table_and_names_everybody(page: AppTest) -> None:
    specs = [orjson.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]
    orders = [layer["encoding"]["y"]["sort"] for spec in specs for layer in spec["layer"] if "y" in layer["encoding"]]
    [section, *_] = [frame.value for frame in page.dataframe if frame.value.columns[0] == "Statistic"]
    assert orders[0] == section["Statistic"].tolist()
    matrices = [spec for spec in specs if "opacity" in spec["layer"][0]["encoding"]]
    axes = [matrix["layer"][0]["encoding"]["x"]["axis"] for matrix in matrices]
    assert axes
    assert {(axis["labelAngle"], axis["labelOverlap"]) for axis in axes} == {(-60, False)}


@pytest.mark.parametrize(("present", "more"), [(150, "about 32 more"), (400, "no more")])
def test_how_many_more_items_are_wanted_is_said_beside_those_that_are_there(present: int, more: str) -> None:
    def page(present: int) -> None:
        from components.widgets.agreement_detail import plan
        from concord.agreement.planning import Plan

        plan(Plan({50: 0.1}, 182, {}), present)

    app = AppTest.from_function(page, default_timeout=20, args=(present,)).run()
    assert app.caption[-1].value == f"±0.05 wants about 182 items; {present} are there, so {more}."


def test_a_reservation_names_the_fewer_of_those_that_it_is_about_and_those_that_it_is_not() -> None:
    noted = {
        "gwet_ac1": "few items",
        "fleiss_kappa": "few items; skewed",
        "percent_agreement": "few items",
        "icc_2_1": "",
    }
    statistics = {name: Statistic(0.5, 0.4, 0.6, 9, 18, 2, note=note) for name, note in noted.items()}
    assert notes_of(statistics) == ["All but ICC(2,1): few items.", "Fleiss’ κ: skewed."]
    del statistics["icc_2_1"]
    assert notes_of(statistics) == ["Few items.", "Fleiss’ κ: skewed."]


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert (number(-0.004), number(-0.006)) == ("0.00", "−0.01")

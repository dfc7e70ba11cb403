import pytest

from concord.curation.gates import Gates, ItemGates
from concord.errors import InputError


def test_without_a_word_one_vote_is_enough():
    assert Gates() == Gates(min_votes=1, min_agreement=0.0)


@pytest.mark.parametrize(
    ("gates", "message"),
    [
        ({"min_votes": 0}, "min_votes is 0, but a preference needs a vote. Give a whole number from 1."),
        (
            {"min_agreement": 1.5},
            "min_agreement is 1.5, which is no share of the votes. Give a number from 0 to 1.",
        ),
        (
            {"min_agreement": float("nan")},
            "min_agreement is nan, which is no share of the votes. Give a number from 0 to 1.",
        ),
    ],
)
def test_a_gate_out_of_range_is_refused(gates, message):
    with pytest.raises(InputError) as caught:
        Gates(**gates)
    assert str(caught.value) == message


def test_without_a_word_items_and_texts_pass():
    assert ItemGates() == ItemGates(allowed_models=(), min_chars=0, max_chars=None, drop_duplicates=False)


@pytest.mark.parametrize(
    ("gates", "message"),
    [
        (
            {"min_item_agreement": -0.1},
            "min_item_agreement is -0.1, which is no share. Give a number from 0 to 1.",
        ),
        ({"min_chars": -1}, "min_chars is -1. Give a whole number from 0."),
        ({"min_chars": 9, "max_chars": 8}, "max_chars is 8, which lets no row pass. Give more than min_chars."),
        (
            {"allowed_models": ("m", "n"), "denied_models": ("m",)},
            "the model 'm' is both allowed and denied. Name it once.",
        ),
        ({"languages": ("english",)}, "languages has 'english'. Give codes of two letters, such as en."),
    ],
)
def test_a_gate_on_items_or_texts_out_of_range_is_refused(gates, message):
    with pytest.raises(InputError) as caught:
        ItemGates(**gates)
    assert str(caught.value) == message

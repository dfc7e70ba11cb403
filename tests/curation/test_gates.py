import pytest

from concord.curation.gates import Gates
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

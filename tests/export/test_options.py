import pytest

from concord.errors import InputError
from concord.export.formats import FORMATS
from concord.export.options import ExportOptions


def test_without_a_word_everything_is_training_data():
    options = ExportOptions("trl-dpo")
    assert (options.min_votes, options.min_agreement, options.shares, options.seed) == (1, 0.0, (1.0, 0.0, 0.0), 0)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_line_of_its_own(name):
    assert FORMATS[name].count("\n") == 0
    assert ExportOptions(name).format == name


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"format": "trl"}, f"'trl' is no export format. Choose one of {', '.join(FORMATS)}."),
        (
            {"format": "trl-sft", "license": "CC BY"},
            "license is 'CC BY'. Give the hub's short name, such as cc-by-4.0.",
        ),
        ({"format": "trl-sft", "max_length": 0}, "max_length is 0. Give a whole number from 1."),
        ({"format": "trl-sft", "drop_long": True}, "drop_long needs a max_length. Give both, or neither."),
        (
            {"format": "trl-dpo", "min_votes": 0},
            "min_votes is 0, but a preference needs a vote. Give a whole number from 1.",
        ),
        (
            {"format": "trl-dpo", "shares": (0.5, 0.1, 0.1)},
            "split is 0.5,0.1,0.1, which adds up to 0.7 and not to 1. "
            "Give the shares of train, validation and test, such as 0.8,0.1,0.1.",
        ),
    ],
)
def test_an_option_out_of_its_range_is_refused(options, message):
    with pytest.raises(InputError) as caught:
        ExportOptions(**options)
    assert str(caught.value) == message

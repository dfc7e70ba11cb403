import pytest

from concord.enrichment.options import EnrichOptions
from concord.errors import InputError


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "copy"}, "method is 'copy'. Choose one of paraphrase, reverse, self_instruct."),
        ({"method": "reverse", "items": 0}, "items is 0. Give a number from 1 to 100,000."),
        ({"method": "reverse", "candidates": 21}, "candidates is 21. Give a number from 1 to 20."),
        ({"method": "reverse", "seed": -1}, "seed is -1. Give a number from 0 to 2,147,483,647."),
    ],
)
def test_options_out_of_range_are_refused(options, message: str) -> None:
    with pytest.raises(InputError) as refused:
        EnrichOptions(**options)
    assert str(refused.value) == message

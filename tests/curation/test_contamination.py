"""What stands in a file that items must not repeat."""

import pytest

from concord.curation.contamination import Contamination, against, as_bytes, from_bytes
from concord.curation.findings import look
from concord.errors import InputError
from concord.ids import folded_key, new_id
from concord.records.checked import CheckedItem
from concord.records.item import Message

WORDS = [f"w{n}" for n in range(40)]
BENCHMARK = against("test.jsonl", [" ".join(WORDS), "The capital of France is a city on the Seine", "yes"])


def contaminated(*prompts: str, answer: str = "fine") -> list[str]:
    check = Contamination([BENCHMARK])
    for number, text in enumerate(prompts):
        item = CheckedItem(
            new_id(), f"q{number}", (Message("user", text),), folded_key(text), None, None, (answer,), ()
        )
        check.see(look(number, item))
    return [shown.item for finding in check.findings(len(prompts)) for shown in finding.shown]


@pytest.mark.parametrize(
    ("prompt", "is_so"),
    [
        (" ".join(WORDS[5:18]), True),
        (" ".join(WORDS[5:18]).upper().replace(" ", ", "), True),
        (f"Say {' '.join(WORDS[5:18])} again", True),
        (f"Say {' '.join(WORDS[5:17])} again", False),
        ("the capital of france is a city on the seine", True),
        ("the capital of france is a city on the", False),
        ("yes", False),
    ],
)
def test_thirteen_words_in_a_row_or_a_whole_short_text_contaminate(prompt: str, is_so: bool) -> None:
    assert contaminated("Nothing of the kind.", prompt) == (["q1"] if is_so else [])


def test_a_response_contaminates_as_well() -> None:
    assert contaminated("Why?", answer=" ".join(WORDS)) == ["q0"]


def test_what_more_than_ten_items_hold_is_wording() -> None:
    form = " ".join(WORDS[:13])
    assert len(contaminated(*(f"{form} case {n}" for n in range(10)))) == 10
    assert contaminated(*(f"{form} case {n}" for n in range(11))) == []


def test_more_items_than_are_looked_at_together_are_all_looked_at() -> None:
    prompts = [f"case {n}" for n in range(2_500)]
    prompts[7] = prompts[2_400] = " ".join(WORDS)
    assert contaminated(*prompts) == ["q7", "q2400"]


def test_a_file_travels_as_numbers() -> None:
    there = from_bytes(BENCHMARK.name, as_bytes(BENCHMARK))
    assert there.name == BENCHMARK.name
    assert there.runs.tolist() == BENCHMARK.runs.tolist()


def test_what_is_no_list_of_numbers_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        from_bytes("x.csv", b"123")
    assert str(refused.value) == "against 'x.csv': 3 bytes are no 64-bit numbers. Send eight bytes for each run."

"""What is private is found, and masked or blocked before it leaves; what only looks like it is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concord.drafting.endpoint import Endpoint, endpoint_for
from concord.drafting.privacy import findings, is_elsewhere, masked, screen_of
from concord.errors import InputError
from concord.records.item import Message
from concord.records.project import Settings

ELSEWHERE = Endpoint("m", "https://models.example/v1", "KEY", 0.7)
PRIVATE = {
    "AKIAIOSFODNN7EXAMPLE": "key",
    "sk-proj-abcdefghijklmnopqrstuvwx1234": "key",
    f"ghp_{'a1B2' * 9}": "key",
    f"sk_live_{'a1' * 12}": "key",
    "xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx": "key",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA0Z3VS5JJcds3xfn==\n-----END RSA PRIVATE KEY-----": "key",
    "o.brien+x@mail.example.co.uk": "e-mail",
    "4111 1111 1111 1111": "card",
    "5555-5555-5555-4444": "card",
    "+49 30 901820": "phone",
    "650-253-0000": "phone",
}


@pytest.mark.parametrize(("secret", "kind"), PRIVATE.items())
def test_what_is_private_is_masked_whole(secret: str, kind: str) -> None:
    assert masked(f"It is {secret} and more.", region="US") == f"It is [{kind}] and more."


@pytest.mark.parametrize("text", [
    "order 12345678901234", "no card: 4111 1111 1111 1112", "3.14159265358979 on 2024-01-02 03:04:05",
    "He said: sk-8 is a road, and a @ b.", "ISBN 978-3-16-148410-0", "version 10.0.19041.1234",
])  # fmt: skip
def test_other_numbers_and_words_are_left_alone(text: str) -> None:
    assert masked(text, region="US") == text


def test_numbers_without_a_country_code_are_known_in_the_country_named() -> None:
    assert masked("030 901820", region="DE") == "[phone]"
    assert masked("030 901820", region=None) == "030 901820"


@given(st.lists(st.one_of(st.sampled_from(sorted(PRIVATE)), st.text("ab 1.,-@", max_size=12)), max_size=6))
def test_findings_are_in_order_and_apart(parts: list[str]) -> None:
    text = " ".join(parts)
    ends = [0]
    for finding in findings(text, region="US"):
        assert ends[-1] <= finding.start < finding.end <= len(text)
        ends.append(finding.end)


def test_a_masked_text_holds_nothing_more_to_mask() -> None:
    text = " | ".join(PRIVATE)
    assert findings(masked(text, region="US"), region="US") == []


@pytest.mark.parametrize(("address", "elsewhere"), [
    ("http://127.0.0.1:11434/v1", False), ("http://localhost:8000/v1", False), ("http://[::1]:8000/v1", False),
    ("https://api.openai.com/v1", True), ("http://192.168.1.7:8000/v1", True),
    ("http://localhost.evil.example/v1", True),
])  # fmt: skip
def test_loopback_is_this_machine_and_all_else_is_not(address: str, elsewhere: bool) -> None:
    assert is_elsewhere(Endpoint("m", address, "KEY", 0.7)) is elsewhere


def test_the_demo_is_on_this_machine() -> None:
    assert not is_elsewhere(endpoint_for(Settings(), {}))


PROMPT = [Message("system", "Be kind."), Message("user", "Mail ann@x.org or ben@x.org, +1 650 253 0000.")]


def test_mask_changes_the_prompt_and_nothing_else() -> None:
    screen = screen_of("mask", [ELSEWHERE], region="US")
    assert list(screen(PROMPT)) == [PROMPT[0], Message("user", "Mail [e-mail] or [e-mail], [phone].")]


def test_block_says_what_was_found_and_what_to_do() -> None:
    with pytest.raises(InputError) as caught:
        screen_of("block", [ELSEWHERE], region="US")(PROMPT)
    assert str(caught.value) == (
        "the prompt holds what must not leave this machine (2 × e-mail, 1 × phone). "
        "Correct the row, set scan to 'mask', or draft on this machine."
    )
    harmless = PROMPT[:1]
    assert screen_of("block", [ELSEWHERE], region="US")(harmless) == harmless


def test_allow_and_this_machine_let_everything_through() -> None:
    local = Endpoint("m", "http://127.0.0.1:8000/v1", "KEY", 0.7)
    assert screen_of("allow", [ELSEWHERE], region="US")(PROMPT) == PROMPT
    assert screen_of("mask", [local], region="US")(PROMPT) == PROMPT


def test_one_endpoint_elsewhere_makes_the_scan_hold_for_all() -> None:
    local = Endpoint("m", "http://127.0.0.1:8000/v1", "KEY", 0.7)
    assert screen_of("mask", [local, ELSEWHERE], region="US")(PROMPT) != PROMPT

"""What must not leave the machine in a prompt: found, and masked or blocked, before anything is sent.

Keys are found by the detectors of detect-secrets and by the prefixes of model providers, phone numbers by Google's
library, card numbers by Luhn's check digit, e-mail addresses by their form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from ipaddress import ip_address
from typing import Literal, NamedTuple, cast
from urllib.parse import urlsplit

import phonenumbers
from stdnum import luhn

from concord.drafting.endpoint import Endpoint
from concord.drafting.recipe import Parts, Recipe
from concord.drafting.request import Ask, Screen, unscreened
from concord.errors import InputError
from concord.records.draft import Wanted
from concord.records.item import Message
from concord.records.kinds import ScanPolicy

FindingKind = Literal["key", "e-mail", "card", "phone"]

MASKS = re.compile(r"\[(?:key|e-mail|card|phone)\]")
"""What stands in place of a finding."""

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_CARD = re.compile(r"(?<![\d.,-])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\d-])")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
_SEVEN_DIGITS = re.compile(r"(?:\d\W*){7}")
_PROVIDER_KEY = re.compile(r"\b(?:sk-[\w-]{20,}|AIza[\w-]{35}|hf_\w{30,}|gsk_\w{40,}|xai-\w{40,}|glpat-[\w-]{20,})")
_DETECTORS = {
    "artifactory": "ArtifactoryDetector",
    "aws": "AWSKeyDetector",
    "azure_storage_key": "AzureStorageKeyDetector",
    "basic_auth": "BasicAuthDetector",
    "discord": "DiscordBotTokenDetector",
    "github_token": "GitHubTokenDetector",
    "jwt": "JwtTokenDetector",
    "mailchimp": "MailchimpDetector",
    "npm": "NpmDetector",
    "sendgrid": "SendGridDetector",
    "slack": "SlackDetector",
    "square_oauth": "SquareOAuthDetector",
    "stripe": "StripeDetector",
    "twilio": "TwilioKeyDetector",
}
"""Those that know the form of a key; the others guess by a word before it or by its randomness, in prose too often."""


class Finding(NamedTuple):
    """Something private in a text, and where."""

    kind: FindingKind
    start: int
    end: int


def findings(text: str, *, region: str | None) -> list[Finding]:
    """What is private in a text, in order, without overlaps.

    Args:
        text: a prompt's message.
        region: the country whose phone numbers are known without a country code, or None.

    >>> [finding.kind for finding in findings("Mail ann@x.org, call +1 650 253 0000.", region="US")]
    ['e-mail', 'phone']
    """
    found: list[Finding] = []
    for finding in (*_keys(text), *_matches("e-mail", _EMAIL, text), *_cards(text), *_phones(text, region)):
        if not any(finding.start < other.end and other.start < finding.end for other in found):
            found.append(finding)
    return sorted(found, key=lambda finding: finding.start)


def masked(text: str, *, region: str | None) -> str:
    """The text with the name of its kind in place of each finding.

    >>> masked("Mail ann@x.org", region=None)
    'Mail [e-mail]'
    """
    for finding in reversed(findings(text, region=region)):
        text = f"{text[: finding.start]}[{finding.kind}]{text[finding.end :]}"
    return text


def screen_of(policy: ScanPolicy, endpoints: Sequence[Endpoint], *, region: str | None) -> Screen:
    """The screen that a project wants: none when it allows all, or when no endpoint is on another machine."""
    if policy == "allow" or not any(map(is_elsewhere, endpoints)):
        return unscreened

    def screen(messages: Sequence[Message]) -> Sequence[Message]:
        if policy == "block":
            _refuse(messages, region)
            return messages
        return [Message(message.role, masked(message.content, region=region)) for message in messages]

    return screen


def withholding(recipe: Recipe, reasons: Mapping[str, str]) -> Recipe:
    """The same recipe, which refuses items made with a template that reads what must not be sent.

    Args:
        recipe: makes the draft.
        reasons: why, by the template's version.
    """

    async def careful(ask: Ask, wanted: Wanted) -> Parts:
        if reason := reasons.get(wanted.item.template_version or ""):
            raise InputError(reason)
        return await recipe(ask, wanted)

    return careful


def is_elsewhere(endpoint: Endpoint) -> bool:
    """Whether what is sent to an endpoint leaves this machine."""
    if endpoint.demo:
        return False
    host = urlsplit(endpoint.base_url or "").hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"


def _refuse(messages: Sequence[Message], region: str | None) -> None:
    counts = Counter(finding.kind for m in messages for finding in findings(m.content, region=region))
    if counts:
        found = ", ".join(f"{number} × {kind}" for kind, number in sorted(counts.items()))
        raise InputError(
            f"the prompt holds what must not leave this machine ({found}). "
            "Correct the row, set scan to 'mask', or draft on this machine."
        )


def _matches(kind: FindingKind, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    return (Finding(kind, *match.span()) for match in pattern.finditer(text))


def _keys(text: str) -> Iterator[Finding]:
    for pattern in (_PEM, _PROVIDER_KEY, *_key_patterns()):
        yield from _matches("key", pattern, text)


@cache
def _key_patterns() -> tuple[re.Pattern[str], ...]:
    """The detectors' own patterns: what the detectors hand out may be a part of the key, such as its prefix."""
    detectors = [getattr(import_module(f"detect_secrets.plugins.{place}"), name) for place, name in _DETECTORS.items()]
    return tuple(pattern for detector in detectors for pattern in cast("list[re.Pattern[str]]", detector.denylist))


def _cards(text: str) -> Iterator[Finding]:
    return (f for f in _matches("card", _CARD, text) if luhn.is_valid(re.sub(r"[ -]", "", text[f.start : f.end])))


def _phones(text: str, region: str | None) -> Iterator[Finding]:
    if _SEVEN_DIGITS.search(text):  # the matcher parses every number; most prompts hold none that long
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            yield Finding("phone", match.start, match.end)

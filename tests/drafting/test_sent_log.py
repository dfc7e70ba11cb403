"""The log of what leaves: every request once, in groups, without the texts."""

from concord.drafting.completion import prompt_hash
from concord.drafting.endpoint import Endpoint
from concord.drafting.request import Request
from concord.drafting.sent_log import SentLog
from concord.records.item import Message

THERE = Endpoint("m", "https://models.example/v1", "KEY", 0.7)


def request(text: str, purpose: str = "draft") -> Request:
    return Request(THERE, (Message("system", "Be kind."), Message("user", text)), 1, purpose=purpose)


def test_each_request_is_noted_once_and_its_text_is_not(campaign) -> None:
    log = SentLog(campaign.store, campaign.project.id)
    for number in range(200):
        log(request(f"Mail [e-mail] about {number % 50}"))
    log(request("Judge this", "judge"))
    log.close()
    by_purpose = {one.purpose: one for one in campaign.store.sent(campaign.project.id)}
    one = by_purpose["draft"]
    assert (one.endpoint, one.model, one.requests, one.prompts, one.masked) == (THERE.base_url, "m", 200, 50, 200)
    assert by_purpose["judge"].requests == 1
    [(stored,)] = campaign.store.engine.read("select prompt_hash from sent where purpose = 'judge'")
    assert stored == prompt_hash(request("Judge this").messages)
    assert "Judge this" not in str(campaign.store.engine.read("select * from sent"))


def test_a_log_that_noted_nothing_stores_nothing(campaign) -> None:
    SentLog(campaign.store, campaign.project.id).close()
    assert campaign.store.sent(campaign.project.id) == []

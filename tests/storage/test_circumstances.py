"""What surrounds a judgement."""

import numpy as np

from concord.records.annotation import Labels
from concord.records.item import Message
from storage.circumstances import KINDS


def test_every_current_judgement_has_its_time_and_pace(campaign) -> None:
    item = campaign.item("q1", "one")
    campaign.judge(item, "ann", Labels({"q": "no"}), seconds=5)
    campaign.judge(item, "ann", Labels({"q": "yes"}), seconds=7)
    campaign.edit(campaign.item("q2", arm="undrafted"), "ben", "text")
    found = campaign.store.circumstances(campaign.project.id)
    order = np.argsort(found.annotator)
    assert found.annotators == ("ann", "ben")
    assert [KINDS[kind] for kind in found.kind[order]] == ["label", "edit"]
    assert found.seconds[order].tolist()[0] == 7
    assert np.isnan(found.seconds[order][1])
    assert found.guidelines.tolist() == [-1, -1]
    assert found.arm[order].tolist() == [0, 1]
    assert found.at.tolist() == [int(campaign.project.created_at.timestamp())] * 2


def test_items_know_their_template_and_the_one_model_of_their_drafts(campaign) -> None:
    one = campaign.item("q1", template_id="reply", template_version="v1")
    campaign.draft(one, "d1", "a", model="tiny")
    several = campaign.item("q2")
    for name, model in (("d1", "tiny"), ("d2", "big")):
        campaign.draft(several, name, name, model=model)
    facts = campaign.store.item_facts(campaign.project.id)
    names = campaign.store.named_items(campaign.project.id, facts.key.tolist())
    told = {
        names[key].name: {
            name: values[codes[place]] if codes[place] >= 0 else None for name, (codes, values) in facts.facts.items()
        }
        for place, key in enumerate(facts.key.tolist())
    }
    assert told == {
        "q1": {"template": "reply", "version": "v1", "model": "tiny", "cluster": None},
        "q2": {"template": None, "version": None, "model": None, "cluster": None},
    }
    assert {item.id for item in names.values()} == {one.id, several.id}


def test_items_of_one_prompt_know_their_cluster_by_the_first_name(campaign) -> None:
    prompt = (Message("user", "The same?"),)
    items = [campaign.item(name, messages=prompt) for name in ("q2", "q1")] + [campaign.item("q3")]
    facts = campaign.store.item_facts(campaign.project.id)
    codes, names = facts.facts["cluster"]
    told = campaign.store.named_items(campaign.project.id, facts.key.tolist())
    cluster = {
        told[key].id: names[code] if code >= 0 else None for key, code in zip(facts.key.tolist(), codes, strict=True)
    }
    assert [cluster[item.id] for item in items] == ["like q1", "like q1", None]

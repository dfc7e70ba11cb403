"""The agreement report as `concord agreement --json` prints it."""

from __future__ import annotations

from math import isnan

from concord.agreement.consensus import Consensus
from concord.agreement.detail import Detail, Person
from concord.agreement.disputed import Disputed
from concord.agreement.evidence import Evidence
from concord.agreement.gold import against_json
from concord.agreement.judges import PUBLISHED, Judge
from concord.agreement.league import League
from concord.agreement.planning import Plan
from concord.agreement.questions import Group
from concord.agreement.report import Report
from concord.agreement.statistic import Statistic, Statistics
from concord.records.item import NamedItem
from concord.records.kinds import Json
from concord.records.remark import RemarkCount
from concord.records.report import Contradiction

Object = dict[str, Json]


def as_json(report: Report) -> Object:
    """The report by question, then by arm, where `main` is the main arm.

    A value that is not defined is null, and its note says why.
    """
    questions: dict[str, Object] = {}
    for group in report.groups:
        questions.setdefault(group.question, {})[arm_of(group)] = _group(group)
    for one in report.details:
        main = questions.get(one.question, {}).get("main")
        if isinstance(main, dict):
            main |= _detail(one, report.items)
    return {
        "project": report.project,
        "seed": report.seed,
        "agreement": dict(questions),
        "models": _league(report.league) if report.league else None,
        "evidence": {one.name: _evidence(one) for one in report.evidence},
        "judges": [_judge(one) for one in report.judges],
        "adjudications": {one.name: _evidence(one) for one in report.adjudicated},
        "known_answers": {who: against_json(one) for who, one in report.known.items()},
        "skips": [_remark(one) for one in report.remarks if one.kind == "skip"],
        "flags": [_remark(one) for one in report.remarks if one.kind == "flag"],
        "consistency": [_contradiction(one) for one in report.contradictions],
    }


def arm_of(group: Group) -> str:
    """The arm as the report calls it."""
    return "main" if group.arm == "drafted" else group.arm


def statistic_as_json(one: Statistic) -> Object:
    """A statistic as an object; what is not defined is null."""
    shown: Object = {"value": _number(one.value), "low": _number(one.low), "high": _number(one.high)}
    shown |= {"items": one.items, "annotations": one.annotations, "annotators": one.annotators}
    if one.level:
        shown["level"] = one.level
    if one.between:
        shown["between"] = list(one.between)
    if one.percent is not None:
        shown["percent_agreement"] = one.percent
    if one.note:
        shown["note"] = one.note
    if one.pairs:
        shown["pairs"] = [statistic_as_json(pair) for pair in one.pairs]
    return shown


def _group(group: Group) -> Object:
    return {
        "kind": group.kind,
        "statistics": _statistics(group.statistics),
        "prevalence": dict(group.prevalence),
        "annotators": _statistics(group.people),
    }


def _detail(one: Detail, items: dict[int, NamedItem]) -> Object:
    return {
        "measure": one.measure,
        "people": [_person(person, one.measure) for person in one.people],
        "disputed": [_disputed(disputed, items) for disputed in one.disputed],
        "by": [
            {"by": layer.by, "name": layer.name, "statistics": _statistics(layer.statistics)} for layer in one.layers
        ],
        "over_time": [
            {"first": period.first, "last": period.last, one.measure: statistic_as_json(period.agreement)}
            for period in one.periods
        ],
        "consensus": _consensus(one.consensus) if one.consensus else None,
        "plan": _plan(one.plan),
    }


def _person(person: Person, measure: str) -> Object:
    return {
        "annotator": person.name,
        "answers": person.answers,
        measure: statistic_as_json(person.agreement),
        "earlier": statistic_as_json(person.earlier),
        "later": statistic_as_json(person.later),
        "seconds": _number(person.seconds),
        "confusions": [{"most": most, "given": given, "times": times} for most, given, times in person.confusions],
    }


def _disputed(disputed: Disputed, items: dict[int, NamedItem]) -> Object:
    named = items.get(disputed.key)
    return {
        "item": named.name if named else None,
        "id": str(named.id) if named else None,
        disputed.measure: disputed.agreement,
        "answers": dict(disputed.answers),
    }


def _consensus(one: Consensus) -> Object:
    return {
        "items": one.items,
        "tied": one.tied,
        "dawid_skene_changes": one.changed,
        "dawid_skene_settles": one.settled,
        "accuracy": dict(one.accuracy),
        "with_majority": dict(one.with_majority),
    }


def _plan(plan: Plan) -> Object:
    return {
        "half_widths": {str(n): width for n, width in plan.half_widths.items()},
        "items_for_half_width_0.05": plan.items_wanted,
        "items_by_overlap": {str(overlap): items for overlap, items in plan.overlap.items()},
    }


def _league(league: League) -> Object:
    return {
        "standings": [
            {
                "model": one.model,
                "strength": statistic_as_json(one.strength),
                "win_rate": one.win_rate,
                "duels": one.duels,
            }
            for one in league.standings
        ],
        "wins": league.wins.tolist(),
        "ties": league.ties,
        "items": league.items,
    }


def _evidence(one: Evidence) -> Object:
    return {
        "sentence": one.sentence,
        "without_a_pull": one.neutral,
        **statistic_as_json(one.all),
        "by_annotator": _statistics(one.people),
    }


def _judge(one: Judge) -> Object:
    return {
        "model": one.model,
        "with_ties": statistic_as_json(one.with_ties),
        "without_ties": statistic_as_json(one.without_ties),
        "by_annotator": _statistics(one.people),
        "contradicts_itself": one.flipped,
        "published": list(PUBLISHED),
    }


def _contradiction(one: Contradiction) -> Object:
    return {
        "annotator": one.annotator,
        "pairs": one.pairs,
        "judged_again": one.again,
        "reversed": one.reversed,
        "triples": one.triples,
        "cyclic": one.cyclic,
    }


def _remark(one: RemarkCount) -> Object:
    return {"reason": one.reason, "items": one.items, "annotators": one.annotators}


def _statistics(statistics: Statistics) -> Object:
    return {name: statistic_as_json(one) for name, one in statistics.items()}


def _number(value: float) -> float | None:
    return None if isnan(value) else value

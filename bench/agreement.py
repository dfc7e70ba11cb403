"""The agreement report on a workspace of many ratings, beside other libraries on the same ratings in memory.

Fifty annotators rate in five steps, three an item with a fifth missing; one answer in thirty is superseded and one item
in fifty is outside the main arm, so that a report has something to leave out. Concord reads its own DuckDB file; the
others start from a long table in memory, and what pivots it is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

Run = Callable[[], int]
RATED = "rated"
VALUES = 5


def fill(folder: Path, annotations: int) -> Run:
    """A workspace with about so many annotations, and the same answers as a long table."""

    from bench.workspace import fresh_workspace

    def run() -> int:
        store, project = fresh_workspace(folder / RATED)
        with store.engine.bulk() as cursor:
            for sql in _SQL:
                cursor.execute(sql.format(project=project.id, items=round(annotations * 0.413)))
            cursor.execute(
                f"copy (select item, person, value from kept) to '{folder / 'rated.parquet'}' (format parquet)"
            )
            [(rows,)] = cursor.execute("select count(*) from kept").fetchall()
        store.close()
        return int(rows)

    return run


_SQL = (
    "select setseed(0.5)",
    """insert into items(id, project_id, name, kind, arm, messages, prompt_key)
       select uuidv7(), '{project}', 'i' || i, 'response',
              case when i % 50 = 0 then 'undrafted' else 'drafted' end, '[]', uuid()
       from range({items}) t(i)""",
    """create temp table given as
       select uuidv7() as id, i.id as item_id, i.arm, ((hash(i.id) % 50 + k * 17) % 50)::integer as person,
              least(4, (hash(i.name) % 5)::integer + case when random() < .3 then (random() * 3)::integer else 0 end)
              as value,
              random() as chance
       from items i, range(3) t(k) where random() < .807 order by random()""",
    """insert into annotations select id, '{project}', item_id, 'annotator-' || lpad(person::text, 3, '0'), 'rating',
       'file', null, null, 10, now() from given""",
    """insert into answers select id, '{project}', item_id, 'annotator-' || lpad(person::text, 3, '0'), 'quality',
       value::text, 'rating' from given""",
    "create temp table later as select uuidv7() as new, * from given where chance < .033",
    """insert into annotations select new, '{project}', item_id, 'annotator-' || lpad(person::text, 3, '0'), 'rating',
       'file', null, id, 10, now() from later""",
    """insert into answers select new, '{project}', item_id, 'annotator-' || lpad(person::text, 3, '0'), 'quality',
       (4 - value)::text, 'rating' from later""",
    """create temp table kept as
       select dense_rank() over (order by item_id) - 1 as item, person,
              case when chance < .033 then 4 - value else value end as value
       from given where arm = 'drafted' order by random()""",
)


def whole(folder: Path) -> Run:
    """Alpha at three levels, Fleiss, AC1, AC2 and percent, each with 1,000 resamples, from the file."""
    from concord.agreement import coefficients as c
    from concord.agreement.estimate import Coefficient, estimate
    from concord.agreement.votes import canonical, numbers_of

    store, project = _opened(folder)

    def run() -> int:
        [votes] = [canonical(votes) for votes in store.votes(project.id) if votes.arm == "drafted"]
        numbers = numbers_of(votes)
        formulas: dict[str, Any] = {
            "nominal": c.alpha_nominal,
            "ordinal": c.alpha_ordinal,
            "interval": partial(c.alpha_interval, numbers=numbers),
            "fleiss": c.fleiss,
            "ac1": c.gwet_ac1,
            "ac2": partial(c.gwet_ac2, numbers=numbers),
            "percent": c.percent,
        }
        estimate(votes, {name: Coefficient(formula) for name, formula in formulas.items()}, seed=0)
        return len(votes.item)

    return _warm(run)


def alpha(folder: Path) -> Run:
    """One alpha, without an interval, from the file."""
    from concord.agreement.coefficients import alpha_ordinal
    from concord.agreement.patterns import count_patterns, observed
    from concord.agreement.votes import canonical

    store, project = _opened(folder)

    def run() -> int:
        [votes] = [canonical(votes) for votes in store.votes(project.id) if votes.arm == "drafted"]
        patterns = count_patterns(votes)
        assert alpha_ordinal(patterns, observed(patterns))[0] < 1
        return len(votes.item)

    return _warm(run)


def product(folder: Path) -> Run:
    """All that the report page shows: pairs of annotators, people, items, course and consensus too."""
    from concord.agreement.report import report

    store, project = _opened(folder)

    def run() -> int:
        made = report(store, project)
        return next(iter(made.groups[0].statistics.values())).annotations

    return _warm(run)


def scan(folder: Path) -> Run:
    """The floor: one scan of the answers' items and values."""
    store, _ = _opened(folder)
    sql = "select count(*), max(hash(item_id)), max(value) from answers"
    return _warm(lambda: int(store.engine.read(sql)[0][0]))


def evalica_bootstrap(folder: Path) -> Run:
    """One alpha with 1,000 resamples, by KALPHA's algorithm."""
    import evalica

    table = _table(folder)
    return lambda: _done(table, evalica.alpha_bootstrap(_pivoted(table), "ordinal", n_resamples=1000))


def evalica_alpha(folder: Path) -> Run:
    import evalica

    table = _table(folder)
    return lambda: _done(table, evalica.alpha(_pivoted(table), "ordinal"))


def krippendorff_alpha(folder: Path) -> Run:
    import krippendorff

    table = _table(folder)
    return lambda: _done(
        table, krippendorff.alpha(reliability_data=_pivoted(table).to_numpy(), level_of_measurement="ordinal")
    )


def krippendorff_counts(folder: Path) -> Run:
    import krippendorff
    import numpy as np

    table = _table(folder)

    def run() -> int:
        items = int(table["item"].max()) + 1
        cells = np.bincount(table["item"] * VALUES + table["value"], minlength=items * VALUES)
        counts = cells.reshape(-1, VALUES)
        return _done(table, krippendorff.alpha(value_counts=counts, level_of_measurement="ordinal"))

    return run


def nltk_alpha(folder: Path) -> Run:
    from nltk.metrics.agreement import AnnotationTask

    table = _table(folder)

    def run() -> int:
        rows = table.itertuples(index=False)
        return _done(table, AnnotationTask([(row.person, row.item, row.value) for row in rows]).alpha())

    return run


def sklearn_kappas(folder: Path) -> Run:
    """Cohen's kappa of every pair of annotators who judged an item together, without intervals."""
    from sklearn.metrics import cohen_kappa_score

    table = _table(folder)

    def run() -> int:
        pairs = table.merge(table, on="item")
        pairs = pairs[pairs["person_x"] < pairs["person_y"]]
        for _, pair in pairs.groupby(["person_x", "person_y"]):
            cohen_kappa_score(pair["value_x"], pair["value_y"])
        return len(table)

    return run


def statsmodels_fleiss(folder: Path) -> Run:
    """Fleiss' kappa of the items that all three rated, as it takes no other; without an interval."""
    import numpy as np
    from statsmodels.stats.inter_rater import fleiss_kappa

    table = _table(folder)

    def run() -> int:
        items = int(table["item"].max()) + 1
        cells = np.bincount(table["item"] * VALUES + table["value"], minlength=items * VALUES).reshape(-1, VALUES)
        return _done(table, fleiss_kappa(cells[cells.sum(axis=1) == 3]))

    return run


def irrcac_ac1(folder: Path) -> Run:
    """Gwet's AC1, with the interval of its formula."""
    from irrCAC.raw import CAC

    table = _table(folder)
    return lambda: _done(table, CAC(_pivoted(table).T).gwet())


def crowdkit_dawid_skene(folder: Path) -> Run:
    """Dawid and Skene's consensus, ten steps."""
    from crowdkit.aggregation import DawidSkene

    table = _table(folder).rename(columns={"item": "task", "person": "worker", "value": "label"})
    return lambda: _done(table, DawidSkene(n_iter=10).fit(table))


def concord_dawid_skene(folder: Path) -> Run:
    """The same, of votes from the file."""
    from concord.agreement import consensus
    from concord.agreement.votes import canonical

    store, project = _opened(folder)
    consensus.STEPS, consensus.CLOSE = 10, 0.0

    def run() -> int:
        [votes] = [canonical(votes) for votes in store.votes(project.id) if votes.arm == "drafted"]
        return len(consensus.dawid_skene(votes))

    return run


def _opened(folder: Path) -> tuple[Any, Any]:
    from bench.workspace import PROJECT
    from storage.workspace import open_workspace

    store = open_workspace(folder / RATED)
    return store, store.project(PROJECT)


def _table(folder: Path) -> Any:
    import pandas as pd

    return pd.read_parquet(folder / "rated.parquet")


def _pivoted(table: Any) -> Any:
    """Annotators x items, as both libraries want it."""
    return table.pivot(index="person", columns="item", values="value").astype(float)


def _done(table: Any, result: object) -> int:
    assert result is not None
    return len(table)


def _warm(run: Run) -> Run:
    """The file is in the page cache, and what is loaded once is loaded."""
    run()
    return run

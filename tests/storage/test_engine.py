"""One writer, many readers: jobs that wait together are stored together, and each caller meets its own outcome."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from concord.errors import ConcordError, Conflict, StorageError, WorkspaceBusy
from storage.engine import Engine, Query

ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = Engine(tmp_path / "numbers.duckdb")
    opened.write(lambda query: query("create table numbers(id integer primary key, who integer)"))
    yield opened
    opened.close()


def insert(number: int, who: int = 0):
    return lambda query: query(
        "insert into numbers values ($1, $2) on conflict (id) do nothing returning id", number, who
    )


def numbers(engine: Engine) -> list[int]:
    return [number for (number,) in engine.read("select id from numbers order by id")]


def held(engine: Engine) -> tuple[threading.Event, threading.Thread]:
    """The writer at work until the event is set, so that what comes meanwhile waits together."""
    begun, release = threading.Event(), threading.Event()

    def job(_: Query) -> None:
        begun.set()
        release.wait()

    thread = threading.Thread(target=engine.write, args=(job,))
    thread.start()
    begun.wait()
    return release, thread


def outcome(engine: Engine, job) -> str:
    try:
        engine.write(job)
    except (ConcordError, ZeroDivisionError) as error:
        return str(error)
    return "stored"


def test_a_job_that_fails_harms_no_other_and_its_caller_alone_hears_of_it(engine: Engine) -> None:
    def failing(number: int):
        def job(query: Query) -> None:
            insert(number)(query)
            raise ZeroDivisionError(f"number {number}")

        return job

    release, holder = held(engine)
    with ThreadPoolExecutor(40) as pool:
        jobs = [failing(number) if number % 4 == 0 else insert(number) for number in range(40)]
        waiting = [pool.submit(outcome, engine, job) for job in jobs]
        release.set()
        outcomes = [one.result() for one in waiting]
    holder.join()
    assert outcomes == [f"number {number}" if number % 4 == 0 else "stored" for number in range(40)]
    assert numbers(engine) == [number for number in range(40) if number % 4]


def test_an_error_of_the_database_is_the_caller_s_too(engine: Engine) -> None:
    engine.write(insert(1))
    with pytest.raises(Conflict) as caught:
        engine.write(lambda query: query("insert into numbers values (1, 1)"))
    assert str(caught.value) == (
        f"{engine.path}: this exists already with other content "
        '(Constraint Error: Duplicate key "id: 1" violates primary key constraint).'
    )
    with pytest.raises(StorageError, match=r"the database refused: Catalog Error: .* Run `concord verify`\.$"):
        engine.read("select * from nowhere")
    assert numbers(engine) == [1]


def test_sixteen_threads_with_the_same_ids_have_one_winner_each(engine: Engine) -> None:
    def race(who: int) -> list[int]:
        return [number for number in range(150) if engine.write(insert(number, who))]

    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(race, range(16)))
    assert sorted(number for part in won for number in part) == list(range(150))
    stored = dict(engine.read("select id, who from numbers"))
    assert all(stored[number] == who for who, part in enumerate(won) for number in part)


def test_reads_go_on_while_others_write_and_see_whole_transactions(engine: Engine) -> None:
    def pair(number: int):
        return lambda query: [insert(2 * number)(query), insert(2 * number + 1)(query)]

    def count(_: int) -> int:
        return engine.read("select count(*) from numbers")[0][0]

    with ThreadPoolExecutor(8) as pool:
        writes = pool.map(lambda number: engine.write(pair(number)), range(100))
        counts = list(pool.map(count, range(200)))
        assert len(list(writes)) == 100
    assert [number for number in counts if number % 2] == []
    assert count(0) == 200


def test_a_table_is_what_a_read_gives(engine: Engine) -> None:
    engine.write(insert(7, 3))
    assert engine.table("select id, who from numbers where id = $1", 7).to_pylist() == [{"id": 7, "who": 3}]


def test_a_job_that_runs_alone_is_in_no_transaction_of_others(engine: Engine) -> None:
    def alone(query: Query) -> list[tuple]:
        query("begin")  # refused inside a transaction
        return query("commit")

    release, holder = held(engine)
    with ThreadPoolExecutor(9) as pool:
        work = [pool.submit(engine.write, insert(number)) for number in range(4)]
        work += [pool.submit(engine.alone, alone)]
        work += [pool.submit(engine.write, insert(number)) for number in range(4, 8)]
        release.set()
        for one in work:
            one.result()
    holder.join()
    assert numbers(engine) == list(range(8))


@pytest.mark.parametrize("rows", [1, 24, 25, 3_000])
def test_rows_are_inserted_together_however_many_and_those_that_are_there_are_left(engine: Engine, rows: int) -> None:
    engine.write(insert(1, 9))
    columns = {"id": list(range(1, rows + 1)), "who": [None] * rows}
    assert engine.write(lambda query: query.insert("numbers", columns, unless="id")) == rows - 1
    assert engine.read("select id, who from numbers where who is not null") == [(1, 9)]
    assert numbers(engine) == list(range(1, rows + 1))


def test_no_rows_are_inserted_without_a_word(engine: Engine) -> None:
    assert engine.write(lambda query: query.insert("numbers", {"id": [], "who": []})) == 0


def test_closing_writes_what_waits_whatever_kind_of_job_it_is(tmp_path: Path) -> None:
    engine = Engine(tmp_path / "numbers.duckdb")
    engine.write(lambda query: query("create table numbers(id integer primary key, who integer)"))
    release, holder = held(engine)
    with ThreadPoolExecutor(20) as pool:
        run = [engine.alone if number == 9 else engine.write for number in range(18)]
        waiting = [pool.submit(run[number], insert(number)) for number in range(18)]
        while engine._jobs.qsize() < 18:
            threading.Event().wait(0.001)
        closing = pool.submit(engine.close)
        release.set()
        assert [bool(one.result()) for one in waiting] == [True] * 18
        closing.result()
    holder.join()
    reopened = Engine(tmp_path / "numbers.duckdb")
    assert numbers(reopened) == list(range(18))
    reopened.close()


@pytest.mark.parametrize(
    "work",
    [
        lambda engine: engine.write(insert(1)),
        lambda engine: engine.alone(insert(1)),
        lambda engine: engine.read("select 1"),
        lambda engine: engine.table("select 1"),
    ],
)
def test_a_closed_workspace_says_so(engine: Engine, work) -> None:
    engine.close()
    with pytest.raises(StorageError) as caught:
        work(engine)
    assert str(caught.value) == "The workspace is closed. Start Concord again."


def test_long_work_is_stored_as_a_whole_when_it_ends(engine: Engine) -> None:
    with engine.bulk() as cursor:
        cursor.execute("insert into numbers select i, 0 from range(1000) t(i)")
        assert numbers(engine) == []
        engine.write(insert(5_000))
    assert len(numbers(engine)) == 1_001


def test_long_work_that_fails_stores_nothing(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.bulk() as cursor:
        raise ZeroDivisionError(cursor.execute("insert into numbers values (1, 1)"))
    assert numbers(engine) == []


def test_jobs_wait_for_long_work_that_changes_what_they_change(engine: Engine) -> None:
    engine.write(insert(1, 0))

    def add(query: Query) -> None:
        query("update numbers set who = who + 1")

    with ThreadPoolExecutor(8) as pool:
        with engine.bulk(pausing=True) as cursor:
            waiting = [pool.submit(engine.write, add) for _ in range(8)]
            cursor.execute("update numbers set who = who + 100")
            assert numbers(engine) == [1]
        for one in waiting:
            one.result()
    assert engine.read("select who from numbers") == [(108,)]


def test_a_backup_and_a_paused_writer_do_not_wait_for_each_other_for_ever(engine: Engine) -> None:
    def pausing(number: int) -> None:
        with engine.bulk(pausing=True) as cursor:
            cursor.execute("insert into numbers values ($1, 0)", [number])

    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(pausing, number) for number in range(20)]
        work += [pool.submit(engine.alone, lambda query: query("checkpoint")) for _ in range(20)]
        work += [pool.submit(engine.write, insert(100 + number)) for number in range(20)]
        for one in work:
            one.result()
    assert len(numbers(engine)) == 40


def test_another_process_is_told_who_has_the_workspace_open(engine: Engine) -> None:
    code = "import sys, pathlib, storage.engine as e; e.Engine(pathlib.Path(sys.argv[1]))"
    run = subprocess.run(
        [sys.executable, "-c", code, str(engine.path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    message = f"{engine.path}: process {os.getpid()} has the workspace open. Close it, or choose another --workspace."
    assert run.stderr.strip().endswith(f"{WorkspaceBusy.__module__}.WorkspaceBusy: {message}")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "concord.duckdb"
    path.write_text("my diary, " * 1_000)
    with pytest.raises(StorageError) as caught:
        Engine(path)
    assert str(caught.value) == (
        f'{path}: the database refused: IO Error: The file "{path}" exists, but it is not a valid DuckDB database '
        "file. Restore a backup with `concord restore`, or choose another --workspace."
    )
    assert path.read_text().startswith("my diary")

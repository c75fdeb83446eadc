import threading

import pytest

from ostinato import threads
from ostinato.threads import in_threads, meanwhile, n_threads


def test_results_come_in_the_order_of_the_items():
    first_may_end = threading.Event()

    def slow_first(item):
        if item == 0:
            first_may_end.wait(5)
        if item == 1:
            first_may_end.set()
        return 10 * item

    assert list(in_threads(slow_first, range(20))) == [10 * item for item in range(20)]


def test_items_are_taken_as_they_are_worked_on(monkeypatch):
    monkeypatch.setattr(threads, "n_threads", lambda: 2)
    taken = []

    def items():
        for item in range(100):
            taken.append(item)
            yield item

    results = in_threads(lambda item: item, items())
    assert next(results) == 0
    assert len(taken) <= 4
    results.close()


def test_a_failure_is_told_where_its_result_would_be():
    def fail_at_three(item):
        if item == 3:
            raise ValueError("three")
        return item

    results = in_threads(fail_at_three, range(9))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
    assert list(in_threads(fail_at_three, [])) == []


def test_a_machine_of_many_cores_does_not_fill_its_memory(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(96)), raising=False)
    assert n_threads() == 8
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {5}, raising=False)
    assert n_threads() == 1


def test_work_that_takes_much_memory_may_ask_for_fewer_threads(monkeypatch):
    monkeypatch.setattr(threads, "n_threads", lambda: 8)
    at_work, most_at_work = 0, 0
    lock = threading.Lock()

    def work(_):
        nonlocal at_work, most_at_work
        with lock:
            at_work += 1
            most_at_work = max(most_at_work, at_work)
        threading.Event().wait(0.005)
        with lock:
            at_work -= 1

    list(in_threads(work, range(12), most=2))
    assert most_at_work <= 2


def test_what_runs_beside_is_handed_over_when_it_is_asked_for(monkeypatch):
    monkeypatch.setattr(threads, "n_threads", lambda: 2)
    with meanwhile(lambda _: threading.get_ident()) as thread:
        assert thread() != threading.get_ident()


def test_on_one_core_nothing_runs_beside_and_the_result_is_the_same(monkeypatch):
    monkeypatch.setattr(threads, "n_threads", lambda: 1)
    with meanwhile(lambda _: threading.get_ident()) as thread:
        assert thread() == threading.get_ident()


def test_what_runs_beside_stops_where_what_is_inside_has_failed(monkeypatch):
    monkeypatch.setattr(threads, "n_threads", lambda: 2)
    begun, stopped = threading.Event(), threading.Event()

    def endless(go_on):
        begun.set()
        try:
            while True:
                go_on()
        finally:
            stopped.set()

    with pytest.raises(KeyboardInterrupt):
        fail_beside(endless, begun)
    assert stopped.is_set()


def fail_beside(endless, begun):
    with meanwhile(endless):
        assert begun.wait(10)
        raise KeyboardInterrupt

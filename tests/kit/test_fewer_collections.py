import gc

from ansinh_kit.fewer_collections import COLLECT_AFTER, fewer_collections


def test_the_collector_is_as_before_when_the_last_of_several_is_done() -> None:
    before = gc.get_threshold()
    first, second = fewer_collections(), fewer_collections()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert gc.get_threshold() == (COLLECT_AFTER, *before[1:])
    second.__exit__(None, None, None)
    assert gc.get_threshold() == before

"""The cache of the embedded mode: its folder is looked through with every hundredth value only, and still bounded."""

from itertools import count

import pytest

from portal.softcache import LOOKED_AT, CalmFileCache


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(CalmFileCache, "_stored", count())
    return CalmFileCache(str(tmp_path), {"OPTIONS": {"MAX_ENTRIES": 20}})


def test_folder_is_listed_once_in_a_hundred_values(cache, monkeypatch):
    listed = []
    known = cache._list_cache_files
    monkeypatch.setattr(cache, "_list_cache_files", lambda: listed.append(1) or known())
    for number in range(2 * LOOKED_AT):
        cache.set(str(number), number)
    assert len(listed) <= 4  # looked at twice; culling looks again
    assert cache.get(str(2 * LOOKED_AT - 1)) == 2 * LOOKED_AT - 1


def test_it_does_not_grow_for_ever(cache):
    for number in range(6 * LOOKED_AT + 1):
        cache.set(str(number), number)
    assert len(cache._list_cache_files()) < 3 * LOOKED_AT  # a third goes each time

"""The same site from a Dask cluster: a real one, of two processes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import distributed
import msgspec
import pytest

from sitegen.build.memo import Memo
from sitegen.build.pipeline import build
from sitegen.build.pool import Pool
from sitegen.build.run import Mode
from sitegen.config import load
from sitegen.errors import SiteError
from tests.support import TODAY, Collection, crowd, files

# Its own threads and sockets are its own affair.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            yield cluster


@pytest.fixture(name="crowd")
def _crowd(collection: Collection) -> Collection:
    return crowd(collection, 120)


def made(collection: Collection, into: Path, pool: Pool) -> dict[str, bytes]:
    config = msgspec.structs.replace(load(collection.root), output=into)
    with Memo.none() as memo:
        assert build(config, memo, Mode(TODAY), pool).ok
    return files(into)


def test_a_cluster_makes_the_same_bytes(crowd: Collection, cluster, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with Pool.dask(cluster.scheduler_address) as pool, Pool.of(1) as here:
        assert made(crowd, tmp_path / "far", pool) == made(crowd, tmp_path / "near", here)


def test_a_lost_worker_loses_nothing(crowd: Collection, cluster, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with Pool.dask(cluster.scheduler_address) as pool, Pool.of(1) as here:
        near = made(crowd, tmp_path / "near", here)
        lost = []

        def lose(_: int) -> None:
            if not lost:
                lost.append(next(iter(cluster.workers.values())))
                lost[0].process.process._process.kill()

        pool.progress = lose
        assert made(crowd, tmp_path / "far", pool) == near and lost


def test_no_scheduler_is_said_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.build.pool._PATIENCE", 1)
    with pytest.raises(SiteError, match="no Dask scheduler at"):
        Pool.dask("127.0.0.1:1")

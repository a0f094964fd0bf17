"""What makes the files that were planned: the pool's workers, or this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from sitegen.build.making import Again, Bench, Job, Made, Order, Stream, Workshop, carry_out, decoder_of, make, poured
from sitegen.build.output import Make, Plan
from sitegen.build.pool import Pool
from sitegen.build.room import Room
from sitegen.model import views
from sitegen.model.mention import Shown

if TYPE_CHECKING:
    from sitegen.build.planning import Looks
    from sitegen.render.theme import Theme

_AHEAD = 32  # batches: what was ordered takes no place, and whoever orders has other work


def _nothing(page: Again) -> Job:
    raise AssertionError(page)


def prepare(theme: Theme) -> None:
    """Load what most pages need, so that workers that are forked later have it."""
    import sitegen.markup.splice  # noqa: F401

    theme.ready((views.ArticleView.template, views.RecordView.template))
    decoder_of(Shown)
    decoder_of(views.RecordView)


def maker(pool: Pool, plans: Sequence[Plan], looks: Looks, room: Room | None, again: Callable[[Again], Job] = _nothing) -> Make:
    """What makes files: in the pool; put into place by the workers where they see this machine's files, else by us.

    Workers that are forked now find these plans in their memory; to others the finished jobs are sent. again: what plans a page
    once more; such pages may be ordered that are not among the plans, and what is a job already.
    """
    theme, setting = looks.theme, looks.setting
    own = looks.own.read() if looks.own else b""
    workshop = Workshop(theme, setting.site, setting.linker, room if pool.local else None, looks.guard, own)
    jobs = {plan.path: plan.job for plan in reversed(plans) if callable(plan.job)}  # the first to claim a place has it
    bench = Bench(jobs, again, workshop)

    def inherited(orders: Iterator[Order]) -> Generator[list[Made], None, None]:
        return pool.run(carry_out, bench, orders, inherit=True, ahead=_AHEAD)

    def sent(orders: Iterator[Order]) -> Generator[list[Made], None, None]:
        same: list[Made] = []

        def jobs() -> Iterator[Job]:
            for order in orders:
                job = bench.job(order)
                if isinstance(job, Stream):
                    same.append(poured(room, job, time.perf_counter(), looks.guard))
                elif job.goes_in and job.goes_in == order.before:
                    same.append(Made(order.name, job.goes_in, same=True))
                elif job.file and not pool.local:
                    yield msgspec.structs.replace(job, data=Path(job.file).read_bytes())
                else:
                    yield job

        with closing(pool.run(make, workshop, jobs())) as batches:
            for outcomes in batches:
                yield [_put(made, room) for made in outcomes] if room else outcomes
        yield same

    return inherited if pool.inherits else sent


def _put(made: Made, room: Room) -> Made:
    if made.data is None:
        return made
    return msgspec.structs.replace(made, put=room.put(made.name, made.data), data=None)

"""What makes pages remembers what many of them say, and says it on each as if it were the first."""

from __future__ import annotations

import pickle
from functools import partial
from pathlib import Path

from sitegen.build.making import Page, Workshop
from sitegen.markup.splice import spoken
from sitegen.model.ids import Linker
from sitegen.model.mention import Target
from sitegen.model.views import NotFoundView, SiteView
from sitegen.render.theme import Theme

SITE = SiteView("T", "", "https://example.org/sub/", "en", "", "", (), (), (), {}, "sitegen")
TARGETS = [
    Target("people/morse", "/people/morse/", "Samuel <Morse>", "Painter. 2 articles.", True),
    Target("places/paris", "/places/paris/", "Paris", "City.", False),
]
THEMES = Path(__file__).parent.parent.parent / "themes"


def test_what_slots_of_records_say_is_that_of_each_page() -> None:
    for mode in ("relative", "absolute"):
        linker = Linker(SITE.base, mode)
        workshop = Workshop(Theme.load("plain", [THEMES]), SITE, linker)
        for url in (
            "/articles/a/",
            "/articles/b/",
            "/people/field/",
            "/people/morse/",
            "/about/",
            "/",
            "/404.html",
            "/articles/a/",
        ):
            alone: dict[str, str] = {}
            for target in TARGETS:
                alone |= spoken(target, partial(linker.href, url))
            assert workshop.said(url, TARGETS).items() >= alone.items()


def test_a_record_that_is_called_otherwise_is_said_so() -> None:
    workshop = Workshop(Theme.load("plain", [THEMES]), SITE, Linker(SITE.base))
    other = Target("places/paris", "/places/paris/", "Lutetia", "City.", False)
    assert "Paris" in workshop.said("/articles/a/", TARGETS)["gplaces/paris"]
    assert "Lutetia" in workshop.said("/articles/a/", [other])["gplaces/paris"]


def test_a_view_does_not_travel_twice() -> None:
    view = NotFoundView(url="/404.html", canonical="", title="T", lang="en")
    page = Page("NotFoundView", b"encoded", b"", b"", (), (), whole=view)
    sent = pickle.loads(pickle.dumps(page))
    assert (sent.view, sent.whole) == (b"encoded", None)

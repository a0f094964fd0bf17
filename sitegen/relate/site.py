"""The site as templates see it: the configuration, in the words of the interface."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sitegen.model import views
from sitegen.model.entity import Kind
from sitegen.relate.chronology import TIMELINE
from sitegen.relate.index import Index
from sitegen.relate.urls import NETWORK
from sitegen.words.interface import Words


def site_view(
    *, title: str, description: str, base: str, language: str, author: str, licence: str, kinds: Iterable[Kind],
    menu: Sequence[views.Link], footer: Sequence[views.Link], options: dict[str, object], generator: str, words: Words,
    overviews: Sequence[views.Link], data: str = "", fonts: str = "", card: str = "",
) -> views.SiteView:  # fmt: skip
    """The site as templates see it: configuration only."""
    return views.SiteView(
        title, description, base, language, author, licence, tuple(kind_view(kind, words) for kind in kinds),
        tuple(menu), tuple(footer), options, generator, tuple(overviews), data, fonts, card,
    )  # fmt: skip


def kind_view(kind: Kind, words: Words) -> views.KindView:
    """The kind in the words of the interface; what these do not have stays as the configuration says it."""
    label, singular, begin, end = map(words.gettext, (kind.label, kind.singular, kind.begin, kind.end))
    return views.KindView(kind.id, label, singular, f"/{kind.id}/", begin, end)


def overviews(index: Index, has: Collection[str], words: Words) -> list[views.Link]:
    """The pages that show the collection as a whole, where the theme has them and there is something to show."""
    found = []
    if views.TimelineView.template in has and any(facts.date or facts.days for facts in index.articles):
        found.append(views.Link(words.gettext("Timeline"), TIMELINE))
    telling = (facts for facts in index.articles if len(facts.named) > 1)  # one alone says no more than the article does
    if views.NetworkView.template in has and next(telling, None) and next(telling, None):
        found.append(views.Link(words.gettext("Network"), NETWORK))
    return found

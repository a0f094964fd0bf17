"""The theme contract: all that a template can see.

A template gets `site` (a SiteView: configuration only), `page` (one of the page views below) and, for
documents, `body` (HTML, safe). URLs are site paths ("/people/x/"): write them with the `href` filter.
docs/themes.md lists every field; a test holds it against this module.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar

import msgspec

from sitegen.geo.map import MapLayout, PlacedPin
from sitegen.model.dates import Date
from sitegen.model.document import Heading
from sitegen.model.entity import Alias, Location

PARTS: tuple[type, ...] = (Date, Heading, Alias, Location, MapLayout, PlacedPin)  # what views hold besides views


class View(msgspec.Struct, frozen=True, array_like=True):
    """Base of all views. They travel to other processes by position."""


class Link(View, frozen=True, array_like=True, gc=False):
    """A title and where it leads; an empty `url` is a plain line."""

    title: str
    url: str = ""


class Part(View, frozen=True, array_like=True, gc=False):
    """One of the pages into which a long list is parted: of which year it is, 0 for none."""

    title: str
    url: str
    year: int = 0


class KindView(View, frozen=True, array_like=True, gc=False):
    """A kind of record: `label` "People", `singular` "person", `url` "/people/"."""

    id: str
    label: str
    singular: str
    url: str
    begin: str
    end: str


class SiteView(View, frozen=True, array_like=True, gc=False):
    """The configuration. `base` is the address the site is published at, with a slash at its end.

    overviews: the pages that show the collection as a whole, of those the theme has a template for.
    data: the page of the exports, "" where there are none.
    fonts: the site path of the folder of the reading face, "" where there is none. card: that of the picture which
    links to the site are shown with, "" where there is none.
    """

    title: str
    description: str
    base: str
    language: str
    author: str
    licence: str
    kinds: tuple[KindView, ...]
    menu: tuple[Link, ...]
    footer: tuple[Link, ...]
    options: dict[str, Any]
    generator: str
    overviews: tuple[Link, ...] = ()
    data: str = ""
    fonts: str = ""
    card: str = ""


class Card(View, frozen=True, array_like=True, gc=False):
    """An article in a list."""

    title: str
    url: str
    date: Date | None
    summary: str
    minutes: int
    lang: str


class Bar(View, frozen=True, array_like=True, gc=False):
    """Articles of one year. `height` is the share of the tallest bar, 0 to 1.

    A list of bars holds the years that have articles and the first and last year of the collection.
    """

    year: int
    count: int
    height: float
    url: str = ""


class YearGroup(View, frozen=True, array_like=True, gc=False):
    """Articles of a year, in order of date; `year` is 0 for those without a date."""

    year: int
    url: str
    articles: tuple[Card, ...]


class Entry(View, frozen=True, array_like=True, gc=False):
    """A record in an index. `count` is of articles that name it."""

    name: str
    url: str
    kind: str
    role: str
    count: int
    reviewed: bool


class Letter(View, frozen=True, array_like=True, gc=False):
    """The records an A–Z files under one letter."""

    letter: str
    anchor: str
    entries: tuple[Entry, ...]


class Shelf(View, frozen=True, array_like=True, gc=False):
    """The index of a kind: the number of its records, and where each of its letters is."""

    kind: KindView
    count: int
    letters: tuple[Link, ...]


class KindCount(View, frozen=True, array_like=True, gc=False):
    """A kind with the number of its records and the most-named of them."""

    kind: KindView
    count: int
    top: tuple[Entry, ...]


class Named(View, frozen=True, array_like=True, gc=False):
    """A record that an article names: `here` mentions in it, `total` articles in all, `block` the first paragraph.

    same_as: its addresses in authority files.
    """

    name: str
    url: str
    kind: str
    singular: str
    role: str
    summary: str
    here: int
    total: int
    block: str
    reviewed: bool
    same_as: tuple[str, ...] = ()


class Related(View, frozen=True, array_like=True, gc=False):
    """An article worth reading next, and why: the names both mention, or none where the source names it itself."""

    title: str
    url: str
    date: Date | None
    shared: tuple[Link, ...] = ()


class SourceView(View, frozen=True, array_like=True, gc=False):
    """Where a text came from. `text_url` is the source file as it came, published beside the article.

    sha256: the digest of that file. converted, converter: when and by which version it was made an article.
    """

    text_url: str
    url: str
    publisher: str
    licence: str
    retrieved: str
    sha256: str = ""
    converted: str = ""
    converter: str = ""


class CorrectionView(View, frozen=True, array_like=True, gc=False):
    """What was put right in an article after it was published."""

    date: Date
    text: str


class Quote(View, frozen=True, array_like=True, gc=False):
    """A mention in its sentence; `url` leads to the very paragraph. `by` says who decided (see mentions).

    `layer` is that of the note that did, "" where none did.
    """

    before: str
    name: str
    after: str
    url: str
    by: str
    layer: str = ""


class ReplyView(View, frozen=True, array_like=True, gc=False):
    """An answer to a note. `body` is HTML, safe."""

    body: str
    by: str
    created: Date | None


class NoteView(View, frozen=True, array_like=True, gc=False):
    """A note on a passage of an article: `number` stands at the passage, in a link to `id`; `ref` is the id of that link.

    `body` is HTML, safe; it may be empty. `quote` is the words it is about, `rank` the number of its layer. `state` is
    empty, but for a note that waits for a decision (`why`), which only previews show, and which stands nowhere in the
    text. `begin` and `end` are the bounds in `body` of the block that it stands beside (see the filter `beside`), -1
    for none.
    """

    number: int
    id: str
    ref: str
    layer: str
    rank: int
    motivation: str
    quote: str
    body: str
    tags: tuple[str, ...]
    by: str
    created: Date | None
    replies: tuple[ReplyView, ...]
    state: str
    why: str
    begin: int
    end: int


class LayerView(View, frozen=True, array_like=True, gc=False):
    """A layer of an article's notes. What belongs to it has the class `layer-` and its `rank`, 1 to 8."""

    name: str
    rank: int


class QuotedArticle(View, frozen=True, array_like=True, gc=False):
    """An article with its passages that name the record."""

    title: str
    url: str
    date: Date | None
    lang: str
    quotes: tuple[Quote, ...]
    more: int = 0


class QuotedYear(View, frozen=True, array_like=True, gc=False):
    """Articles of one year with passages; `year` is 0 for those without a date."""

    year: int
    articles: tuple[QuotedArticle, ...]


class ToldDate(View, frozen=True, array_like=True):
    """A day or month, and the passages that name it; of very many articles the first, and how many `more` there are."""

    date: Date
    articles: tuple[QuotedArticle, ...]
    more: int = 0


class Month(View, frozen=True, array_like=True, gc=False):
    """A month: how many articles are of it, and how many name a date in it."""

    date: Date
    url: str
    count: int
    told: int


class CalendarDay(View, frozen=True, array_like=True, gc=False):
    """A day of a calendar with its number of articles; `day` is 0 for a place that is empty."""

    day: int
    count: int
    url: str


class Calendar(View, frozen=True, array_like=True):
    """A month by weeks of seven days, Monday first."""

    date: Date
    url: str
    weeks: tuple[tuple[CalendarDay, ...], ...]


class TimelineYear(View, frozen=True, array_like=True):
    """A year of the timeline: how many articles are of it, and how many name a date in it.

    Of a small collection with its articles and the passages that name its days; of a large one with its months.
    """

    year: int
    url: str
    count: int
    told: int
    months: tuple[Month, ...]
    articles: tuple[Card, ...]
    dates: tuple[ToldDate, ...]


class Identifier(View, frozen=True, array_like=True, gc=False):
    """An identifier in an authority file; `url` is empty where the authority is not known."""

    label: str
    value: str
    url: str


class Neighbour(View, frozen=True, array_like=True, gc=False):
    """A record named in the same articles; `count` of them. meetings: sentences that name both, the first three."""

    name: str
    url: str
    kind: str
    count: int
    meetings: tuple[QuotedArticle, ...] = ()


class Near(View, frozen=True, array_like=True, gc=False):
    """A place near another, `km` away along a great circle."""

    name: str
    url: str
    km: float


class CirclePoint(View, frozen=True, array_like=True, gc=False):
    """A record in a drawing, at `x` and `y` in pixels with radius `r`; its `label` grows away from it as `anchor` says."""

    name: str
    label: str
    url: str
    kind: str
    count: int
    x: float
    y: float
    r: float
    anchor: str


class CircleLine(View, frozen=True, array_like=True, gc=False):
    """That two records are named together: a line between points, bent towards `cx` and `cy`; `width` says how often."""

    x1: float
    y1: float
    cx: float
    cy: float
    x2: float
    y2: float
    width: float

    @property
    def path(self) -> str:
        """The line as the path data of SVG."""
        return _curve(self.x1, self.y1, self.cx, self.cy, self.x2, self.y2)


@lru_cache(4096)  # drawings of as many points have their lines in common
def _curve(x1: float, y1: float, cx: float, cy: float, x2: float, y2: float) -> str:
    return f"M{x1} {y1}Q{cx} {cy} {x2} {y2}"


class Circle(View, frozen=True, array_like=True, gc=False):
    """A drawing of a record, in the `middle`, with those it is named with most. Names do not collide."""

    width: int
    height: int
    middle: CirclePoint
    points: tuple[CirclePoint, ...]
    lines: tuple[CircleLine, ...]


class TagEntry(View, frozen=True, array_like=True, gc=False):
    """A tag and how many articles bear it."""

    title: str
    url: str
    count: int


class Citation(View, frozen=True, array_like=True, gc=False):
    """How a page is cited, from the filter `citation`: a line of text, and what reference managers import.

    key: what documents call the work by. authors: the names in the byline.
    """

    key: str
    authors: tuple[str, ...]
    text: str
    bibtex: str
    ris: str
    csl: str


class Node(View, frozen=True, array_like=True):
    """A record in the drawing of a network: `count` articles name it, and it is named with `mates` most often.

    In pixels, as on a map (see PlacedPin): the circle, and the name, "" where there is no room for it.
    """

    name: str
    url: str
    kind: str
    count: int
    mates: tuple[Neighbour, ...]
    x: float = 0.0
    y: float = 0.0
    r: float = 0.0
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    label_dy: float = 0.0
    anchor: str = "start"
    tier: int = 0


class Tie(View, frozen=True, array_like=True, gc=False):
    """Two records, by their place in `Graph.nodes`, that `count` articles name together; `strength` is 0 to 1."""

    a: int
    b: int
    count: int
    strength: float


class Graph(View, frozen=True, array_like=True):
    """A network drawn in so many pixels: records, most named first, and the strongest ties of each."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]


class PageView(View, frozen=True, kw_only=True, array_like=True):
    """What every page has. `url` is its own site path, `canonical` its full address."""

    template: ClassVar[str] = "page.html"
    optional: ClassVar[bool] = False  # whether a theme may do without the template, and then without the page

    url: str
    canonical: str
    title: str
    description: str = ""
    lang: str
    dir: str = "ltr"


class HomeView(PageView, frozen=True, kw_only=True, array_like=True):
    """The front page. Its introduction, from content/pages/index.md, is `body`; it may be empty."""

    template: ClassVar[str] = "home.html"

    articles: int
    bars: tuple[Bar, ...]
    newest: tuple[Card, ...]
    kinds: tuple[KindCount, ...]
    map: MapLayout | None = None


class ArticlesView(PageView, frozen=True, kw_only=True, array_like=True):
    """All articles by year; beyond 200 articles `years` holds the newest year only, and `bars` lead to the others."""

    template: ClassVar[str] = "articles.html"

    count: int
    bars: tuple[Bar, ...]
    years: tuple[YearGroup, ...]


class YearView(PageView, frozen=True, kw_only=True, array_like=True):
    """The articles of one year, and what texts say of its days.

    A large or daily year has a page for each month: `months` leads to them, and `year` and `told` hold what names no month.
    A year's page may have no article: then others speak of it. count: of all its articles, those of its months with them.
    Where more than 300 name no month `parts` leads to pages of them; `part` is the number of one that is not the first.
    """

    template: ClassVar[str] = "year.html"

    year: YearGroup
    previous: Link | None
    next: Link | None
    months: tuple[Month, ...] = ()
    told: tuple[ToldDate, ...] = ()
    calendar: tuple[Calendar, ...] = ()
    count: int = 0
    part: str = ""
    parts: tuple[Part, ...] = ()


class MonthView(PageView, frozen=True, kw_only=True, array_like=True):
    """The articles of one month of a large year, and what texts say of its days.

    count: of all its articles; where they are more than 300 `parts` leads to pages of them, as a year's does.
    """

    template: ClassVar[str] = "month.html"
    optional: ClassVar[bool] = True

    date: Date
    articles: tuple[Card, ...]
    told: tuple[ToldDate, ...]
    calendar: Calendar | None
    year: Link
    previous: Link | None
    next: Link | None
    count: int = 0
    part: str = ""
    parts: tuple[Part, ...] = ()


class TimelineView(PageView, frozen=True, kw_only=True, array_like=True):
    """The collection in time: when its texts were published, and of which days they speak.

    bars, told: articles by the year they are of, and by the years that they name dates of.
    """

    template: ClassVar[str] = "timeline.html"
    optional: ClassVar[bool] = True

    count: int
    bars: tuple[Bar, ...]
    told: tuple[Bar, ...]
    years: tuple[TimelineYear, ...]


class ArticleView(PageView, frozen=True, kw_only=True, array_like=True):
    """An article. Its text is `body`."""

    template: ClassVar[str] = "article.html"

    date: Date | None
    updated: Date | None
    byline: str
    dateline: str
    standfirst: str
    words: int
    minutes: int
    tags: tuple[Link, ...]
    source: SourceView | None
    markdown_url: str
    headings: tuple[Heading, ...]
    named: tuple[Named, ...]
    previous: Link | None
    next: Link | None
    related: tuple[Related, ...]
    linked_from: tuple[Link, ...]
    extra: dict[str, Any]
    corrections: tuple[CorrectionView, ...] = ()
    notes: tuple[NoteView, ...] = ()
    layers: tuple[LayerView, ...] = ()
    card: str = ""
    map: MapLayout | None = None
    linked_more: int = 0


class KindIndexView(PageView, frozen=True, kw_only=True, array_like=True):
    """The index of a kind, A to Z; places come with a map of the most named.

    Beyond 400 records each letter has a page of its own (`letter` is its heading), and `parts` leads to them;
    the index itself then shows the most named, under no letter.
    """

    template: ClassVar[str] = "kind.html"

    kind: KindView
    count: int
    letters: tuple[Letter, ...]
    letter: str
    parts: tuple[Link, ...]
    map: MapLayout | None = None


class RecordView(PageView, frozen=True, kw_only=True, array_like=True):
    """An authority record with every passage that names it. Its editor's note is `body`.

    Where there are very many, each year has a page of its own, or each month of a year that has very many, and `parts`
    leads to them: the record's page holds the first, the others (`part` names the time) leave out its note, map and
    neighbours.
    score: how sure the program was of a record that is not reviewed, 0 to 1; 0 where that is not known.
    """

    template: ClassVar[str] = "record.html"

    kind: KindView
    name: str
    role: str
    summary: str
    begin: Date | None
    end: Date | None
    aliases: tuple[Alias, ...]
    identifiers: tuple[Identifier, ...]
    reviewed: bool
    score: float
    location: Location | None
    articles: int
    mentions: int
    bars: tuple[Bar, ...]
    years: tuple[QuotedYear, ...]
    together: tuple[Neighbour, ...]
    part: str
    parts: tuple[Part, ...]
    extra: dict[str, Any]
    near: tuple[Near, ...] = ()
    circle: Circle | None = None
    feed: str = ""
    map: MapLayout | None = None


class NetworkView(PageView, frozen=True, kw_only=True, array_like=True):
    """Who is named with whom in the collection. Only a theme that has the template has the page."""

    template: ClassVar[str] = "network.html"
    optional: ClassVar[bool] = True

    graph: Graph


class RedirectView(PageView, frozen=True, kw_only=True, array_like=True):
    """The old address of a record that was merged into another."""

    template: ClassVar[str] = "redirect.html"

    target: str


class GoneView(PageView, frozen=True, kw_only=True, array_like=True):
    """The address of a page that was withdrawn. `why` is what the ledger of addresses says."""

    template: ClassVar[str] = "gone.html"

    why: str


class TagsView(PageView, frozen=True, kw_only=True, array_like=True):
    """All tags. Of more than 1,500 `parts` leads to pages of them; `part` is the number of one that is not the first."""

    template: ClassVar[str] = "tags.html"

    tags: tuple[TagEntry, ...]
    part: str = ""
    parts: tuple[Link, ...] = ()


class TagView(PageView, frozen=True, kw_only=True, array_like=True):
    """The articles that bear a tag. Of very many, `parts` leads to pages of their years or months, as a record's does."""

    template: ClassVar[str] = "tag.html"

    tag: TagEntry
    years: tuple[YearGroup, ...]
    part: str = ""
    parts: tuple[Part, ...] = ()


class DataCount(View, frozen=True, array_like=True, gc=False):
    """How many there are, or a file holds, `of` articles, mentions, notes, records or places."""

    of: str
    count: int


class DataFile(View, frozen=True, array_like=True, gc=False):
    """A file of the exports. `url` is empty and `size` (bytes) 0 where it was left out; `counts` says what it holds."""

    name: str
    url: str
    media: str
    size: int
    counts: tuple[DataCount, ...]


class DataGroup(View, frozen=True, array_like=True, gc=False):
    """The files of one format: tables, records, places, annotations, beacon, rdf, tei, sqlite or about."""

    id: str
    files: tuple[DataFile, ...]


class DataView(PageView, frozen=True, kw_only=True, array_like=True):
    """The exports, and how much there is of what they hold."""

    template: ClassVar[str] = "data.html"

    counts: tuple[DataCount, ...]
    groups: tuple[DataGroup, ...]


class TextPageView(PageView, frozen=True, kw_only=True, array_like=True):
    """A page from content/pages. Its text is `body`."""

    template: ClassVar[str] = "page.html"

    headings: tuple[Heading, ...]
    extra: dict[str, Any]


class SearchView(PageView, frozen=True, kw_only=True, array_like=True):
    """The search page. A theme without its template gets no such page, and no index.

    `index` is the folder of the search index, empty where there is none; `older` says that texts have changed since.
    """

    template: ClassVar[str] = "search.html"

    index: str
    older: bool
    articles: int
    kinds: tuple[Shelf, ...]


class NotFoundView(PageView, frozen=True, kw_only=True, array_like=True):
    """404.html."""

    template: ClassVar[str] = "404.html"

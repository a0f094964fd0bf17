"""Which suggestions are published, and what pages say of who decided."""

from __future__ import annotations

import pytest

from sitegen.errors import SiteError
from tests.support import Collection


def asking(collection: Collection, publish: object) -> Collection:
    return collection.write("../sitegen.toml", f'title = "T"\n[annotate]\npublish = {publish}\n')


@pytest.fixture
def doubtful(collection: Collection) -> Collection:
    """An article that names a suggestion of the score 0.6."""
    return collection.article("a", "Morse sailed.").record("people/morse", "Morse", "status: suggested\nscore: 0.6\n")


@pytest.mark.parametrize(("publish", "published"), [(0, True), (0.6, True), (0.61, False), (1, False)])
def test_a_suggestion_is_published_from_a_score_on(doubtful: Collection, publish: float, published: bool) -> None:
    asking(doubtful, publish).build()
    assert doubtful.has("/people/morse/") is published
    assert ("data-record" in doubtful.page("/articles/a/")) is published


def test_all_suggestions_are_published_where_nothing_is_asked_for(doubtful: Collection) -> None:
    doubtful.record("people/morse", "Morse", "status: suggested\n").build()
    assert doubtful.has("/people/morse/")


def test_a_suggestion_without_a_score_waits_where_one_is_asked_for(doubtful: Collection) -> None:
    asking(doubtful, 0.1).record("people/morse", "Morse", "status: suggested\n").build()
    assert not doubtful.has("/people/morse/")


def test_what_was_reviewed_is_published_whatever_its_score(doubtful: Collection) -> None:
    asking(doubtful, 0.9).record("people/morse", "Morse", "score: 0.1\n").build()
    assert doubtful.has("/people/morse/")


def test_the_name_of_a_suggestion_that_waits_is_free_for_others(doubtful: Collection) -> None:
    doubtful.record("people/finley", "Finley", "aliases: [Morse]\n")
    assert "shared-alias" in doubtful.build().codes
    assert asking(doubtful, 0.9).build().codes == [] and doubtful.has("/people/finley/")


def test_a_link_to_a_suggestion_that_waits_is_told(doubtful: Collection) -> None:
    asking(doubtful, 0.9).article("a", "[[people/morse]] sailed.")
    assert doubtful.build().codes == ["unpublished-link"]


def test_a_record_that_merges_into_one_that_waits_waits_too(doubtful: Collection) -> None:
    asking(doubtful, 0.9).record("people/smorse", "Smorse", "merged_into: people/morse\n").article("a", "Smorse.").build()
    assert not doubtful.has("/people/smorse/") and not doubtful.has("/people/morse/")


@pytest.mark.parametrize("value", ["true", "1.5", "-1", '"0.8"'])
def test_a_score_that_is_none_is_an_error_of_the_configuration(doubtful: Collection, value: str) -> None:
    with pytest.raises(SiteError) as caught:
        asking(doubtful, value).build()
    assert [(issue.code, issue.span.line) for issue in caught.value.issues] == [("configuration", 3)]


def test_a_score_in_a_record_is_a_number_from_0_to_1(doubtful: Collection) -> None:
    assert doubtful.record("people/morse", "Morse", "status: suggested\nscore: 7\n").build().codes == ["front-matter-type"]


def test_the_page_of_a_suggestion_says_that_nobody_reviewed_it_and_how_sure_it_is(doubtful: Collection) -> None:
    doubtful.build()
    assert "nobody has reviewed the record yet. Its score is 0.60 of 1." in doubtful.page("/people/morse/")


def test_a_record_page_says_who_decided_where_it_was_not_the_name_alone(doubtful: Collection) -> None:
    doubtful.article("b", "See [[people/morse|him]].", date="1870").article("c", "The man.", date="1880")
    doubtful.write("articles/c.notes.yaml", "notes:\n- {id: n1, quote: The man, record: people/morse}\n")
    doubtful.article("d", "Someone.", date="1890", more="links: {Someone: people/morse}\n").build()
    page = doubtful.page("/people/morse/").partition("</fieldset>")[2]  # behind the switches, which have the same words
    said = [
        page.count(words) for words in ("Linked by the author", "Said by a note", "Decided for this article", "quote by-alias")
    ]
    assert said == [1, 1, 1, 1] and page.count('<p class="by"') == 3

"""Maps and the network in a real browser: zoom, pan, filter, keys, and what is left without a script."""

from __future__ import annotations

import pytest

SHOWN = "list => list.filter(e => e.checkVisibility()).length"
PIN = ".map .pin"


def width_of(page) -> float:  # type: ignore[no-untyped-def]
    return page.locator(".map svg").evaluate("svg => svg.viewBox.baseVal.width")


@pytest.mark.parametrize("path", ["/places/", "/network/"])
def test_a_button_enlarges_a_drawing_and_another_shows_it_whole(visit, path) -> None:  # type: ignore[no-untyped-def]
    page, wrong = visit(path)
    buttons = page.locator(".map-tools button")
    whole = width_of(page)
    buttons.nth(0).click()
    assert width_of(page) == pytest.approx(whole / 1.6)
    buttons.nth(2).click()
    assert width_of(page) == whole and not wrong


def test_places_that_crowd_come_apart_when_the_map_is_enlarged(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/places/")
    late = page.locator(".map .pin.late")
    assert late.count() > 0 and late.evaluate_all(SHOWN) == 0
    for _ in range(3):
        page.locator(".map-tools button").first.click()
    assert late.evaluate_all(SHOWN) == late.count() and page.locator(".map .ring").evaluate_all(SHOWN) == 0


def test_the_map_can_be_enlarged_and_moved_by_keys(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/places/")
    page.locator(".map-tools button").first.focus()
    page.keyboard.press("Enter")
    before = page.locator(".map svg").get_attribute("viewBox")
    page.keyboard.press("ArrowLeft")
    assert page.locator(".map svg").get_attribute("viewBox") != before


def test_a_drag_moves_an_enlarged_map_and_follows_no_link(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/places/")
    page.locator(".map-tools button").first.click()
    before, box = page.locator(".map svg").get_attribute("viewBox"), page.locator(".map svg").bounding_box()
    page.mouse.move(box["x"] + 400, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 150, steps=4)
    page.mouse.up()
    assert page.locator(".map svg").get_attribute("viewBox") != before and page.url.endswith("/places/")


@pytest.mark.parametrize("script", [True, False])
def test_a_period_shows_the_places_of_its_years_with_and_without_a_script(visit, script) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/places/", java_script_enabled=script)
    assert page.locator("#period-all").is_checked()
    page.locator(".periods input").nth(1).check()
    wanted = page.locator(".map .pin.p0").count()
    assert 0 < page.locator(PIN).evaluate_all(SHOWN) == wanted < page.locator(PIN).count()


def test_a_period_is_chosen_by_keys(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/places/")
    page.locator("#period-all").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#period-0").is_checked()


@pytest.mark.parametrize("path", ["/places/", "/network/"])
def test_every_name_of_a_drawing_is_in_the_list_beside_it(visit, path) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit(path)
    drawn = page.locator(".map a.pin").evaluate_all("list => list.map(a => a.href.baseVal)")
    listed = page.locator("main li a:not([tabindex])").evaluate_all("list => list.map(a => a.getAttribute('href'))")
    assert drawn and set(drawn) <= set(listed)


def test_a_kind_can_be_taken_out_of_the_network_without_a_script(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/network/", java_script_enabled=False)
    page.locator("#layer-places").uncheck()
    assert page.locator(".network .places").evaluate_all(SHOWN) == 0 < page.locator(".network .people").evaluate_all(SHOWN)


def test_a_drawing_is_seen_in_forced_colours(visit) -> None:  # type: ignore[no-untyped-def]
    page, _ = visit("/network/", forced_colors="active")
    fill = page.locator(".network circle").first.evaluate("e => getComputedStyle(e).fill")
    line = page.locator(".network .ties path").first.evaluate("e => getComputedStyle(e).stroke")
    back = page.locator(".network svg").evaluate("e => getComputedStyle(e).backgroundColor")
    assert back not in (fill, line)


def test_the_script_of_drawings_is_small() -> None:
    from pathlib import Path

    assert (Path(__file__).parents[2] / "themes/default/assets/map.js").stat().st_size <= 3072

"""report.html in a real browser: no request, nobody locked out, every row there without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from domain.outcome import BatchOutcome
from reports.outcome import renderers
from tests.review.browser import OFFICE, launch

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def page_file(tmp_path: Path, mixed_outcome: BatchOutcome) -> str:
    """Write the page and give its address."""
    path = tmp_path / "report.html"
    path.write_bytes(renderers(mixed_outcome)["report.html"]())
    return path.as_uri()


def rows_of(context: BrowserContext, address: str) -> int:
    page = context.new_page()
    page.goto(address)
    return page.locator("table tbody tr:visible").count()


def test_it_asks_for_nothing_complains_of_nothing_and_is_accessible(
    browser: Browser, page_file: str
) -> None:
    page = browser.new_page(viewport=OFFICE)  # type: ignore[arg-type]
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(page_file)
    assert asked == [page_file]
    assert said == []
    found = Axe().run(page).response["violations"]
    assert [(item["id"], item["impact"]) for item in found] == []
    page.close()


def test_filters_hide_rows_and_say_how_many_are_left(browser: Browser, page_file: str) -> None:
    page = browser.new_page(viewport=OFFICE)  # type: ignore[arg-type]
    page.goto(page_file)
    details = page.locator("section", has=page.locator("h2", has_text="明细"))
    visible = details.locator("tbody tr:visible")
    assert visible.count() == 7
    details.get_by_label("审核状态").select_option("待审核")
    assert details.locator("[role=status]").inner_text() == "显示 3 / 7 行"
    details.get_by_label("查找").fill("2024003")
    assert visible.count() == 1
    assert "张明远" in visible.inner_text()
    page.close()


def test_without_script_every_row_is_there(browser: Browser, page_file: str) -> None:
    with_script, without = browser.new_context(), browser.new_context(java_script_enabled=False)
    assert rows_of(with_script, page_file) == rows_of(without, page_file) > 20
    with_script.close()
    without.close()

"""A real server and a real Chromium for the tests of the pages."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response

from tests.review.builders import BATCH, PASSWORD

ROOT = Path(__file__).parents[2]
OFFICE = {"width": 1280, "height": 720}


@contextlib.contextmanager
def serving(home: Path, complaint: str = "") -> Iterator[str]:
    """Serve a home's pages with the real command; give the address.

    `complaint` is all that the command may say on its standard error.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"HEDUI_HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.pop("HEDUI_DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "review", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert said.decode().strip() == complaint, said


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1800):
        assert process.poll() is None, process.communicate()[1].decode()
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
            return
        time.sleep(0.1)
    raise AssertionError("the pages do not answer")


def launch(playwright: Playwright) -> Browser:
    """Start Debian's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is not installed; install it with: sudo apt-get install chromium"
    # Chromium refuses its own sandbox to root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=found, args=arguments)


@dataclass(slots=True)
class Person:
    """Somebody at a keyboard; whatever their browser complains about is kept."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda line: self._hear(line.type, line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", lambda response: self._see(response))

    def _hear(self, kind: str, text: str) -> None:
        # A refused submit is an answer of the server's, which the page shows.
        if kind in ("error", "warning") and "status of 4" not in text:
            self.complaints.append(text)

    def _see(self, response: Response) -> None:
        if not response.url.startswith(self.address):
            self.complaints.append(f"asked elsewhere: {response.url}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.address}/")
        self.page.wait_for_function("() => document.activeElement.id === 'name'")
        self.page.keyboard.type(name)
        self.press("Tab")
        self.page.keyboard.type(PASSWORD)
        self.press("Enter")
        self.page.wait_for_selector(f"text={name}（")

    def work(self) -> None:
        """Go to the first item by keyboard, from the front page."""
        self.page.goto(f"{self.address}/")
        self.tab_to("开始审核")
        self.press("Enter")
        self.wait_for_item()

    def wait_for_item(self) -> None:
        """Wait until an item is there and says what it is."""
        self.page.wait_for_selector("#item")
        self.page.wait_for_function("() => document.getElementById('spoken').textContent !== ''")

    def tab_to(self, text: str) -> None:
        for _ in range(60):
            self.press("Tab")
            here = self.page.evaluate(
                "document.activeElement.matches('a, button') && document.activeElement.innerText"
            )
            if here and text in here:
                return
        raise AssertionError(f"no way by keyboard to {text}")

    def tab_to_field(self, name: str) -> None:
        for _ in range(60):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.name") == name:
                return
        raise AssertionError(f"no way by keyboard to {name}")

    def wait_for_evidence(self) -> None:
        self.page.wait_for_selector("text=✓ 证据已显示")

    def at(self) -> str:
        """Return the 学号 of the item that is shown."""
        found = re.search(r"\b20220\d{5}\b", self.page.inner_text("#item .facts"))
        assert found is not None
        return found[0]

    def after(self, *keys: str) -> None:
        """Press keys and wait until another item, or the same anew, is shown."""
        before = self.page.get_attribute("#item", "data-key") or ""
        self.press(*keys)
        self.page.wait_for_function(
            "before => document.getElementById('item').dataset.key !== before", arg=before
        )


@contextlib.contextmanager
def person(browser: Browser, address: str, name: str = "", **options: object) -> Iterator[Person]:
    """Give somebody with a browser of their own, signed in if named."""
    context: BrowserContext = browser.new_context(**{"viewport": OFFICE, **options})  # type: ignore[arg-type]
    context.set_default_timeout(120_000)
    somebody = Person(context.new_page(), address)
    try:
        if name:
            somebody.sign_in(name)
        yield somebody
        assert somebody.complaints == []
    finally:
        context.close()


GRID = f"/batches/{BATCH}/grid"
LEAD = f"/batches/{BATCH}/lead"

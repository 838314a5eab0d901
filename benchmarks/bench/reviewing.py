"""How long a reviewer waits: from the key to the next item painted, in a real browser.

A batch is run, its items for people are multiplied until the queue is as long as asked for, and the
real pages are served from that store. What is decided is committed. Files of the items that are
decided are files of their own, so that none is warm because it was shown before.

The clock stops once every picture is decoded and the frame after that is drawn. Chromium's own
Element Timing, which names the instant at which a picture was on screen, agrees: 6 ms later in the
median of 120 decisions.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bench.statistics import percentile
from domain.application import BatchInput, Submission
from domain.assessment import Assessment, Decision
from domain.faults import ConfigurationFault, MachineFault
from domain.reading import ReadOutcome
from domain.review import Role
from store import Store, open_store
from store.codec import decode, digest_json, encode
from store.originals import Originals
from store.readings import reading_key
from store.runs import FinishedRun

DECISIONS = 120
COLD_EVERY = 10
_OWN_FILES = 300
_ACCOUNT = "bench"
_LISTEN = """
window.heduiTimes = [];
(() => {
  let pressed = 0;
  document.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  document.addEventListener("htmx:afterSwap", async () => {
    const begun = pressed;
    const images = [...document.querySelectorAll("img[data-evidence]")];
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.heduiTimes.push(performance.now() - begun);
      channel.port2.postMessage(0);
    });
  });
})();
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSpeed:
    """Milliseconds from the last key of a verdict to the next item painted, in their order.

    `cold` are those of items whose pictures the browser had not fetched ahead. `first_page_ms` is
    the first item's page, from the request to its load event.
    """

    queued: int
    committed: int
    warm: tuple[float, ...]
    cold: tuple[float, ...]
    first_page_ms: float

    @property
    def all(self) -> tuple[float, ...]:
        return (*self.warm, *self.cold)

    def lines(self) -> Iterator[str]:
        """Yield the figures as lines of text."""
        yield f"items queued            {self.queued}"
        yield f"decisions committed     {self.committed}"
        yield f"first page              {self.first_page_ms:.0f} ms"
        for name, times in (
            ("key to next item, all", self.all),
            ("  fetched ahead", self.warm),
            ("  not fetched ahead", self.cold),
        ):
            p50, p95, most = percentile(times, 0.5), percentile(times, 0.95), max(times)
            yield f"{name:<24}p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {most:.0f} ms ({len(times)})"


def measure_review(folder: Path, items: int, decisions: int = DECISIONS) -> ReviewSpeed:
    """Run a batch folder, queue `items` items, and decide some of them in Chromium.

    Raises `ConfigurationFault` where Chromium or Playwright is missing or the folder is refused.
    """
    with tempfile.TemporaryDirectory(prefix="hedui-review-") as name:
        home = Path(name)
        environment = os.environ | {"HEDUI_HOME": str(home)}
        environment.pop("HEDUI_DATABASE_URL", None)
        command = [sys.executable, "-m", "flows.cli", "--quiet", "run", str(folder.resolve())]
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            raise ConfigurationFault(f"{folder}: could not be run")
        password = secrets.token_urlsafe(16)
        with open_store(home) as store:
            store.accounts.add(_ACCOUNT, Role.REVIEWER, password)
            batch_id = store.batches.ids()[0]
            queued = _multiply(store, batch_id, items)
        with _serving(environment) as address:
            times, first_page_ms = _decide(address, batch_id, password, decisions)
        with open_store(home) as store:
            committed = len(store.decisions.of_batch(batch_id))
    if committed < decisions:
        raise MachineFault("review-failed", f"only {committed} of {decisions} were committed")
    cold = tuple(t for place, t in enumerate(times) if _is_cold(place))
    warm = tuple(t for place, t in enumerate(times) if not _is_cold(place))
    return ReviewSpeed(
        queued=queued, committed=committed, warm=warm, cold=cold, first_page_ms=first_page_ms
    )


def _is_cold(place: int) -> bool:
    return place % COLD_EVERY == COLD_EVERY - 1


def _multiply(store: Store, batch_id: str, items: int) -> int:
    """Add copies of the batch's items under other 学号 until the queue is long enough."""
    run = store.runs.last_finished(batch_id)
    assert run is not None
    made = store.runs.assessments(batch_id)
    old = store.batches.load(store.batches.application_ids(batch_id))
    # Twins of one file would count as used twice, and take two people: plain ones are copied.
    models = [
        (item.submission, made[item.id])
        for item in old
        if made[item.id].decision is Decision.REVIEW and made[item.id].used_documents
    ]
    copies: list[tuple[Submission, Assessment]] = []
    for place in range(items):
        submission, assessment = models[place % len(models)]
        number = f"9{place:011d}"
        copies.append(_copy(store, run, submission, assessment, number, place < _OWN_FILES))
    given = BatchInput(
        batch=store.batches.get(batch_id),
        submissions=(*(item.submission for item in old), *(one for one, _ in copies)),
    )
    registration = store.batches.register(given)
    header = dataclasses.replace(run.header, content_digest=registration.content_digest)
    new = dict(zip((one.student_number for one, _ in copies), copies, strict=True))
    run_id = store.runs.start(header)
    results = []
    for item in store.batches.load(store.batches.application_ids(batch_id)):
        found = new.get(item.submission.student_number)
        results.append((item.id, found[1] if found else made[item.id]))
    store.runs.record(header, results)
    store.runs.finish(run_id, header, (), ())
    store.queues.refresh(batch_id)
    return sum(store.cases.counts(batch_id).values())


def _copy(
    store: Store,
    run: FinishedRun,
    submission: Submission,
    assessment: Assessment,
    number: str,
    own_files: bool,
) -> tuple[Submission, Assessment]:
    columns = tuple(
        (name, number if name == "学号" else cell) for name, cell in submission.application.columns
    )
    application = dataclasses.replace(
        submission.application, student_number=number, columns=columns, digest=digest_json(columns)
    )
    copied = dataclasses.replace(submission, application=application)
    judged = dataclasses.replace(assessment, student_number=number)
    if not own_files:
        return copied, judged
    text, judged_text = encode(copied), encode(judged)
    for upload in submission.uploads:
        if not upload.digest:
            continue
        new = _keep_variant(store.originals, upload.digest, number)
        _copy_reading(store, run, upload.digest, new)
        text = text.replace(upload.digest, new)
        judged_text = judged_text.replace(upload.digest, new)
    return decode(Submission, text), decode(Assessment, judged_text)


def _keep_variant(originals: Originals, digest: str, number: str) -> str:
    """Keep the same picture or PDF as a file of its own: what follows its end is not shown."""
    content = originals.read(digest) + f"\n% {number}\n".encode()
    new = hashlib.sha256(content).hexdigest()
    originals.keep_bytes(content, new)
    return new


def _copy_reading(store: Store, run: FinishedRun, old: str, new: str) -> None:
    key = reading_key(run.header.policy, run.header.engine_version, run.header.kind)
    found = store.readings.load([old], key).get(old)
    if found is not None:
        copied = decode(ReadOutcome, encode(found).replace(old, new))
        store.readings.save(copied, key, run.header.batch_id)


@contextlib.contextmanager
def _serving(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "--quiet", "review", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1800):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/healthz", timeout=5).close()
                break
            if process.poll() is not None:
                raise MachineFault("review-failed", "the pages do not start: hedui review")
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def _decide(
    address: str, batch_id: str, password: str, decisions: int
) -> tuple[list[float], float]:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError as error:
        raise ConfigurationFault("Playwright is missing: make setup-test") from error
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise ConfigurationFault("Chromium is missing: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        # Chromium refuses its own sandbox to root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.add_init_script(_LISTEN)
        page.goto(f"{address}/sign-in")
        page.fill("#name", _ACCOUNT)
        page.fill("#password", password)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        page.goto(f"{address}/batches/{batch_id}/work")
        first_page_ms = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        for place in range(decisions):
            # The next item fetches nothing ahead where one of the two behind it is to be cold.
            ahead = not (_is_cold(place + 1) or _is_cold(place + 2))
            _decide_one(page, place, ahead)
        times: list[float] = page.evaluate("window.heduiTimes")
        browser.close()
    return times, float(first_page_ms)


def _decide_one(page: Any, place: int, ahead: bool) -> None:
    """Decide the item on screen, as its differences allow, and wait for the next one."""
    page.wait_for_selector("text=✓ 证据已显示")
    page.evaluate(
        "([account, ahead]) => localStorage.setItem('hedui.keys.' + account,"
        " JSON.stringify({ ahead }))",
        [_ACCOUNT, ahead],
    )
    item = page.locator("#item")
    plain = not item.get_attribute("data-missing") and not item.get_attribute("data-differing")
    if page.locator("#typing").count():
        page.keyboard.press("Escape")
        plain = False
    for key in ("a",) if plain else ("x", "2", "Enter"):
        page.keyboard.press(key)
    page.wait_for_function("place => window.heduiTimes.length > place", arg=place)


def as_json(speed: ReviewSpeed) -> str:
    """Return every figure, for bench-review.json."""
    return json.dumps(dataclasses.asdict(speed), indent=1) + "\n"

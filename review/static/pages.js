"use strict";
/* One item at a time: what is on screen, what was pressed, what is sent. Nothing is ever sent twice
   as two decisions: a submit carries the key of the page it was made on. */
(function () {
  const { load, label, nameOf, edit } = window.hedui;
  const EVIDENCE_MS = 400;
  const AHEAD_MS = 200;
  const visited = [];
  let busy = false;
  let view = null;

  const item = () => document.getElementById("item");
  const say = (text) => { document.getElementById("spoken").textContent = text; };
  const warn = (text) => { document.getElementById("alert").textContent = text; };

  /* How long every picture that an acceptance rests on has been on screen. */
  class Evidence {
    constructor(root) {
      this.times = new Map();
      this.watch = new IntersectionObserver((seen) => {
        for (const entry of seen) this.visible(entry.target, entry.isIntersecting);
      }, { threshold: 0.6 });
      for (const image of root.querySelectorAll("[data-evidence]")) {
        this.times.set(image, { total: 0, since: null, inside: false, failed: false });
        this.watch.observe(image);
        image.addEventListener("load", () => this.count(image));
        image.addEventListener("error", () => { this.times.get(image).failed = true; this.tell(); });
        if (image.complete && !image.naturalWidth && image.currentSrc) this.times.get(image).failed = true;
      }
      this.timer = setInterval(() => this.tell(), 100);
      this.tell();
    }
    visible(image, inside) { this.times.get(image).inside = inside; this.count(image); }
    count(image) {
      const time = this.times.get(image);
      const drawn = image.tagName !== "IMG" || (image.complete && image.naturalWidth > 0);
      const on = time.inside && drawn && !document.hidden;
      const now = performance.now();
      if (on && time.since === null) time.since = now;
      if (!on && time.since !== null) { time.total += now - time.since; time.since = null; }
    }
    all() { for (const image of this.times.keys()) this.count(image); }
    get milliseconds() {
      if (!this.times.size) return 0;
      const now = performance.now();
      return Math.floor(Math.min(...[...this.times.values()].map(
        (time) => time.total + (time.since === null ? 0 : now - time.since))));
    }
    tell() {
      const place = document.querySelector("[data-evidence-state]");
      const enough = this.milliseconds >= EVIDENCE_MS;
      const failed = [...this.times.values()].some((time) => time.failed);
      if (place) {
        place.textContent = failed ? "有证据图片无法显示，不能通过" :
          !this.times.size ? "" : enough ? "✓ 证据已显示" : "证据显示中……（须看到全部图片）";
      }
      if (enough || failed) clearInterval(this.timer);
    }
    end() { clearInterval(this.timer); this.watch.disconnect(); }
  }

  function start() {
    const root = item();
    if (view) { view.evidence.end(); clearInterval(view.clock); clearTimeout(view.mask); }
    view = null;
    if (!root) return;
    label(root);
    say(root.dataset.spoken || "");
    if (!root.dataset.application) { root.focus({ preventScroll: true }); return; }
    view = {
      evidence: new Evidence(root), began: performance.now(), keys: [], clock: null, mask: null,
    };
    if (visited.at(-1) !== root.dataset.application) visited.push(root.dataset.application);
    const first = root.querySelector("[data-first]");
    (first || root).focus({ preventScroll: true });
    if (root.dataset.revealed) {
      view.mask = setTimeout(() => get("/items/" + root.dataset.application), 10000);
    }
    countDown(root);
    if (load().ahead) fetchAhead(root);
  }

  /* The pictures of the next items, fetched and decoded once those on screen are drawn. They are
     held here: the browser forgets a decoded picture that nothing refers to. */
  let held = new Map();
  async function fetchAhead(root) {
    const shown = [...root.querySelectorAll("img[data-evidence]")];
    await Promise.allSettled(shown.map((image) => image.decode()));
    // The server makes them meanwhile.
    await new Promise((resolve) => { setTimeout(resolve, AHEAD_MS); });
    if (item() !== root) return;
    const addresses = (root.dataset.ahead || "").split(" ").filter(Boolean);
    held = new Map(addresses.map((address) => [address, held.get(address) || fetched(address)]));
  }
  function fetched(address) {
    const image = new Image();
    image.src = address;
    image.decode().catch(() => {});  // of an item without that picture: nothing to hold
    return image;
  }

  function countDown(root) {
    const shown = root.querySelector("[data-countdown]");
    if (!shown) return;
    view.ends = Date.now() + 1000 * Number(root.dataset.seconds);
    view.renewed = Date.now();
    view.clock = setInterval(() => {
      const left = Math.max(0, Math.round((view.ends - Date.now()) / 1000));
      shown.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      if (left === 0) say("占用已到期，其他人可以接管。");
    }, 1000);
  }

  function renew() {
    if (!view || !view.ends || Date.now() - view.renewed < 60000) return;
    const mine = view;
    mine.renewed = Date.now();
    fetch("/items/" + item().dataset.application + "/renew", {
      method: "POST", headers: { "X-CSRF-Token": document.body.dataset.csrf }, body: new URLSearchParams(),
    }).then((answer) => { if (answer.ok) mine.ends = Date.now() + 600000; }).catch(() => {});
  }

  const get = (address) => htmx.ajax("GET", address, { target: "#item", swap: "outerHTML" });

  function facts() {
    return {
      revision: item().dataset.revision, key: item().dataset.key,
      shown_ms: view.evidence.milliseconds,
      spent_ms: Math.round(performance.now() - view.began), keys: view.keys.join(" "),
    };
  }

  function decide(values) {
    if (busy || !view || !item().dataset.canAct) return;
    htmx.ajax("POST", "/items/" + item().dataset.application + "/verdict", {
      target: "#item", swap: "outerHTML", values: { ...values, ...facts() },
    });
  }

  function pass() {
    const root = item();
    if (root.dataset.missing) { open("correcting"); return; }
    view.evidence.all();
    if (view.evidence.milliseconds < EVIDENCE_MS) {
      const text = "证据尚未全部显示满 0.4 秒，请看清后再按。";
      say(text);
      const place = root.querySelector("[data-evidence-state]");
      if (place) place.textContent = text;
      return;
    }
    if (root.dataset.differing) open("passing");
    else decide({ verdict: "pass" });
  }

  function open(name) {
    const dialog = document.getElementById(name);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    if (name === "viewing") showPage(0);
    const first = dialog.querySelector(name === "correcting" ? "input" : "button");
    if (first) first.focus();
  }

  /* The whole page */
  let sheet = { place: 0, zoom: 1, turn: 0 };
  function showPage(step) {
    const image = document.querySelector("#viewing img");
    const pages = image.dataset.pages.split("\n").filter(Boolean).map((line) => line.split("|"));
    sheet = { place: step ? (sheet.place + step) % pages.length : 0, zoom: 1, turn: 0 };
    image.src = pages[sheet.place][0];
    document.querySelector("[data-page-name]").textContent = pages[sheet.place][1];
    transform();
  }
  function transform() {
    const image = document.querySelector("#viewing img");
    image.style.maxWidth = sheet.zoom === 1 ? "100%" : "none";
    image.style.width = sheet.zoom === 1 ? "" : 100 * sheet.zoom + "%";
    image.style.transform = "rotate(" + sheet.turn + "deg)";
    image.style.transformOrigin = "center";
  }
  function viewingKey(event) {
    const acts = {
      "+": () => { sheet.zoom *= 1.25; transform(); }, "=": () => { sheet.zoom *= 1.25; transform(); },
      "-": () => { sheet.zoom *= 0.8; transform(); },
      r: () => { sheet.turn = (sheet.turn + 90) % 360; transform(); }, p: () => showPage(1),
      v: () => document.getElementById("viewing").close(),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  }

  function toggleReason(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    const picked = [...document.querySelectorAll("#refusing [aria-pressed=true]")];
    document.getElementById("opinion").value = picked.map((b) => b.dataset.opinion).join("");
  }

  function finish(dialog) {
    const form = dialog.querySelector("form");
    if (form.dataset.correction) {
      const values = Object.fromEntries(new FormData(form));
      dialog.close();
      htmx.ajax("POST", form.dataset.correction, {
        target: "#item", swap: "outerHTML", values: { ...values, ...facts() },
      });
      return;
    }
    const values = { verdict: form.dataset.verdict };
    if (dialog.id === "refusing") {
      const picked = [...dialog.querySelectorAll("[aria-pressed=true]")];
      if (!picked.length) { say("请先选择原因"); dialog.querySelector(".reason").focus(); return; }
      values.reasons = picked.map((button) => button.dataset.reason).join(",");
      values.opinion = document.getElementById("opinion").value;
      values.note = document.getElementById("note").value;
      if (values.reasons === "9" && !values.note.trim()) {
        say("原因为“其他”时请填写备注");
        document.getElementById("note").focus();
        return;
      }
    }
    dialog.close();
    decide(values);
  }

  document.addEventListener("submit", (event) => {
    const dialog = event.target.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    if (event.submitter && event.submitter.value === "cancel") dialog.close();
    else finish(dialog);
  });

  document.addEventListener("click", (event) => {
    renew();
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    if (button.dataset.dialog) open(button.dataset.dialog);
    else if (button.dataset.verdict === "pass") pass();
    else if (button.dataset.verdict) {
      decide({ verdict: button.dataset.verdict, reasons: button.dataset.reasons || "" });
    } else if (button.dataset.reason) toggleReason(button);
    else if (button.dataset.keyName === "back") back();
    else if (button.dataset.zoom) { sheet.zoom *= Number(button.dataset.zoom); transform(); }
    else if ("turn" in button.dataset) { sheet.turn = (sheet.turn + 90) % 360; transform(); }
    else if ("nextPage" in button.dataset) showPage(1);
    else if ("close" in button.dataset) button.closest("dialog").close();
    else if (button.dataset.odd) toggleOdd(button);
  });

  function back() {
    if (visited.length < 2 || busy) { say("前面没有了"); return; }
    visited.pop();
    get("/items/" + visited.at(-1));
  }

  document.addEventListener("keydown", (event) => {
    renew();
    if (event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
    const dialog = document.querySelector("dialog[open]");
    if (dialog) { dialogKey(event, dialog, typing); return; }
    if (typing) {
      if (event.key === "Escape") typing.blur();
      return;
    }
    const grid = document.getElementById("grid");
    if (grid && gridKey(event, grid)) return;
    const name = nameOf(event);
    if (!name) return;
    if (name === "find") { event.preventDefault(); location.href = "/find"; return; }
    if (name === "help") { event.preventDefault(); location.href = "/help"; return; }
    const button = document.querySelector('[data-key-name="' + name + '"]');
    if (!button || button.disabled || busy) return;
    event.preventDefault();
    if (view) view.keys.push(event.key);
    button.click();
  });

  function dialogKey(event, dialog, typing) {
    if (dialog.id === "viewing") { viewingKey(event); return; }
    if (event.key === "Enter" && event.target.closest("textarea")) return;
    if (event.key === "Enter") {
      const chosen = event.target.closest("button[type=submit]");
      event.preventDefault();
      if (chosen && chosen.value === "cancel") dialog.close();
      else finish(dialog);
      return;
    }
    if (typing || dialog.id !== "refusing") return;
    const reason = dialog.querySelector('[data-reason="' + event.key + '"]');
    if (reason) { event.preventDefault(); if (view) view.keys.push(event.key); toggleReason(reason); reason.focus(); }
  }

  /* The grid */
  let gridSeen = null;
  function toggleOdd(button) {
    const odd = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(odd));
    button.querySelector("[data-state]").textContent = odd ? "✗ 不一致，留下" : "一致";
  }
  function gridKey(event, grid) {
    if (event.key === "Enter" && !event.target.closest("a, button[type=submit]")) {
      event.preventDefault();
      grid.requestSubmit();
      return true;
    }
    const button = grid.querySelector('[aria-keyshortcuts="' + CSS.escape(event.key) + '"]');
    if (button) { event.preventDefault(); toggleOdd(button); button.focus(); return true; }
    return false;
  }
  function startGrid(grid) {
    gridSeen = { evidence: new Evidence(grid), began: performance.now(), sent: false };
    grid.addEventListener("submit", (event) => {
      gridSeen.evidence.all();
      const shown = gridSeen.evidence.milliseconds;
      if (gridSeen.sent || shown < EVIDENCE_MS) {
        event.preventDefault();
        if (!gridSeen.sent) warn("请先看到全部图片（向下滚动），再按 Enter。");
        return;
      }
      gridSeen.sent = true;
      grid.elements.odd.value = [...grid.querySelectorAll("[aria-pressed=true]")]
        .map((button) => button.dataset.odd).join(",");
      grid.elements.shown_ms.value = shown;
      grid.elements.spent_ms.value = Math.round((performance.now() - gridSeen.began) /
        Math.max(1, grid.querySelectorAll(".pair").length));
    });
  }

  document.addEventListener("visibilitychange", () => { if (view) view.evidence.all(); });
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRF-Token"] = document.body.dataset.csrf;
    if (event.detail.elt.id === "typing" && view) Object.assign(event.detail.parameters, facts());
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (busy) { event.preventDefault(); return; }
    busy = true;
    warn("");
  });
  document.addEventListener("htmx:afterRequest", () => { busy = false; });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => {
      busy = false;
      warn("没有收到服务器的回答，不确定是否已保存。请检查网络后再按一次：重复提交不会记成两次。");
    });
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Else htmx would say goodbye to each of some hundred elements, one event for each.
    if (event.detail.shouldSwap) event.detail.target.replaceChildren();
  });
  document.addEventListener("htmx:afterSwap", start);
  document.addEventListener("htmx:configRequest", renew);

  htmx.config.timeout = 20000;
  label(document);
  const settings = document.getElementById("key-settings");
  if (settings) edit(settings);
  const grid = document.getElementById("grid");
  if (grid) startGrid(grid);
  start();
})();

"use strict";
/* The keys, and what this browser changed about them. */
window.hedui = window.hedui || {};
(function () {
  const DEFAULTS = {
    pass: "a", refuse: "x", unclear: "i", correct: "e", later: "s", undo: "u",
    next: "j", back: "k", whole: "v", reveal: "m", find: "/", help: "?",
  };
  const WORDS = {
    pass: "通过", refuse: "不通过", unclear: "看不清/请重新上传", correct: "更正识别", later: "稍后",
    undo: "撤回", next: "下一份", back: "上一份", whole: "整页", reveal: "显示姓名和证件号",
    find: "查找", help: "帮助",
  };
  const place = () => "hedui.keys." + (document.body.dataset.account || "");

  function load() {
    let kept = {};
    try { kept = JSON.parse(localStorage.getItem(place()) || "{}"); } catch { kept = {}; }
    return {
      enabled: kept.enabled !== false,
      ahead: kept.ahead !== false,
      keys: { ...DEFAULTS, ...(kept.keys || {}) },
    };
  }
  function save(settings) { localStorage.setItem(place(), JSON.stringify(settings)); }

  /* Put the keys that count now on the buttons, for eyes and for screen readers. */
  function label(root) {
    const { enabled, keys } = load();
    for (const button of root.querySelectorAll("[data-key-name]")) {
      const key = keys[button.dataset.keyName];
      const shown = button.querySelector("kbd");
      if (!key) continue;
      if (shown) {
        if (shown.textContent !== key) shown.textContent = key;
        shown.hidden = !enabled;
      }
      if (enabled) button.setAttribute("aria-keyshortcuts", key);
      else button.removeAttribute("aria-keyshortcuts");
    }
  }

  function nameOf(event) {
    const { enabled, keys } = load();
    if (!enabled) return "";
    return Object.keys(keys).find((name) => keys[name] === event.key) || "";
  }

  /* The table on the page of help. */
  function edit(form) {
    const settings = load();
    form.enabled.checked = settings.enabled;
    form.ahead.checked = settings.ahead;
    const body = form.querySelector("tbody");
    body.replaceChildren(...Object.keys(DEFAULTS).map((name) => {
      const row = document.createElement("tr");
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = WORDS[name];
      const cell = document.createElement("td");
      const input = document.createElement("input");
      Object.assign(input, { name, value: settings.keys[name], maxLength: 1, size: 2 });
      input.className = "mono";
      input.setAttribute("aria-label", "“" + WORDS[name] + "”的按键");
      cell.append(input);
      row.append(head, cell);
      return row;
    }));
    const told = form.querySelector("[data-saved]");
    form.addEventListener("input", () => {
      const keys = {};
      for (const name of Object.keys(DEFAULTS)) keys[name] = form[name].value || DEFAULTS[name];
      if (new Set(Object.values(keys)).size < Object.keys(keys).length) {
        told.textContent = "两项操作用了同一个键，未保存。";
        return;
      }
      save({ enabled: form.enabled.checked, ahead: form.ahead.checked, keys });
      told.textContent = "已保存。";
    });
    form.querySelector("[data-defaults]").addEventListener("click", () => {
      localStorage.removeItem(place());
      edit(form);
      told.textContent = "已恢复默认。";
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  Object.assign(window.hedui, { load, label, nameOf, edit });
})();

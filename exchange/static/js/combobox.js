/* What boxes with a list of choices share: opening, marking by keys, asking the server.
   combobox(input, list, panel, on) needs a listbox within a panel; on: typed() after every input that is
   no half-made character, opened(isOpen), wake() for an arrow in a closed box, first: Enter takes the first. */
(function () {
  "use strict";

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function combobox(input, list, panel, on) {
    var active = -1;
    var timer = 0;
    var turn = 0;
    var request = null;

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    function options() {
      return Array.prototype.slice.call(list.querySelectorAll("[role=option]"));
    }

    function open(isOpen) {
      panel.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) mark(-1);
      if (on.opened) on.opened(isOpen);
    }

    function mark(index) {
      active = index;
      options().forEach(function (option, at) {
        option.setAttribute("aria-selected", String(at === index));
        if (at === index) {
          input.setAttribute("aria-activedescendant", option.id);
          option.scrollIntoView({ block: "nearest" });
        }
      });
      if (index < 0) input.removeAttribute("aria-activedescendant");
    }

    /* Nothing asked before counts any more. */
    function stop() {
      turn += 1;
      window.clearTimeout(timer);
      if (request) request.abort();
      request = null;
    }

    function ask(url, show, failed) {
      stop();
      var mine = turn;
      request = window.AbortController ? new AbortController() : null;
      fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: request ? request.signal : undefined })
        .then(function (response) {
          if (!response.ok) throw new Error(String(response.status));
          return response.json();
        })
        .then(function (answer) { if (mine === turn) show(answer); })
        .catch(function () { if (mine === turn && failed) failed(); });
    }

    function later(act, milliseconds) {
      window.clearTimeout(timer);
      timer = window.setTimeout(act, milliseconds);
    }

    function add(text, detail, className, act, parent) {
      var option = element("button", "place-option" + (className ? " " + className : ""));
      option.type = "button";
      option.id = list.id + "-" + options().length;
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.appendChild(element("span", "", text));
      if (detail) option.appendChild(element("span", "small", detail));
      option.addEventListener("click", act);
      (parent || list).appendChild(option);
      return option;
    }

    function onKey(event) {
      if (event.isComposing || event.keyCode === 229) return;
      var all = options();
      var key = event.key;
      if (key === "ArrowDown" || key === "ArrowUp") {
        if (panel.hidden) { on.wake(); return; }
        if (!all.length) return;
        event.preventDefault();
        var step = key === "ArrowDown" ? 1 : -1;
        mark((active + step + all.length + (active < 0 && step < 0 ? 1 : 0)) % all.length);
      } else if ((key === "Home" || key === "End") && active >= 0) {
        event.preventDefault();
        mark(key === "Home" ? 0 : all.length - 1);
      } else if (key === "Enter" && !panel.hidden && (on.first || active >= 0)) {
        event.preventDefault();
        if (all.length) all[Math.max(active, 0)].click();
      } else if (key === "Escape" && !panel.hidden) {
        event.preventDefault();
        event.stopPropagation();
        stop();
        open(false);
        input.focus();
      }
    }

    input.addEventListener("input", function (event) { if (!event.isComposing) on.typed(); });
    input.addEventListener("compositionend", function () { on.typed(); });
    input.addEventListener("keydown", onKey);

    return { add: add, ask: ask, later: later, mark: mark, onKey: onKey, open: open, options: options, stop: stop };
  }

  /* A tap elsewhere closes. */
  combobox.elsewhere = function (root, panel, close) {
    document.addEventListener("click", function (event) {
      if (!panel.hidden && !event.composedPath().includes(root)) close();
    });
  };
  combobox.element = element;
  window.combobox = combobox;
})();

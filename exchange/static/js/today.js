/* The day by keyboard: j k Enter c d s u ?. The page works without this file. */
(function () {
  "use strict";
  var CLOSED = "desk-closed";
  var at = -1; /* the line that the keys are on */
  var byKey = false;
  var waiting = 0;

  function each(list, act) { Array.prototype.forEach.call(list, act); }
  function desk() { return document.getElementById("desk"); }
  function seen(one) { return one.offsetParent !== null || one.getClientRects().length > 0; }
  function lines() {
    return Array.prototype.filter.call(document.querySelectorAll("#day .item"), seen);
  }
  function titleOf(line) {
    return Array.prototype.filter.call(line.querySelectorAll(".item-title"), seen)[0];
  }
  function current() {
    var inside = document.activeElement && document.activeElement.closest("#day .item");
    var marked = document.querySelector("#day .item.cursor");
    return inside || (marked && seen(marked) ? marked : null);
  }
  function mark(line) {
    each(document.querySelectorAll("#day .item.cursor"), function (old) { old.classList.remove("cursor"); });
    if (line) line.classList.add("cursor");
  }
  function choose(line) {
    each(document.querySelectorAll("#day .item.on"), function (old) {
      old.classList.remove("on");
      old.removeAttribute("aria-current");
    });
    line.classList.add("on");
    line.setAttribute("aria-current", "true");
  }
  function go(line) {
    var title = line && titleOf(line);
    if (!title) return;
    at = lines().indexOf(line);
    mark(line);
    title.focus();
    clearTimeout(waiting);
    if (!title.hasAttribute("data-pair") || !window.htmx) return;
    waiting = setTimeout(function () { window.htmx.trigger(title, "look"); }, 180);
  }
  function step(by) {
    var all = lines();
    var line = current();
    var place = line ? all.indexOf(line) + by : by > 0 ? 0 : all.length - 1;
    if (place >= 0 && place < all.length) go(all[place]);
  }
  function press(line, what) {
    var button = line && line.querySelector(what);
    if (button) { byKey = true; button.click(); }
  }
  function menu(line, key) {
    var box = line && line.querySelector("details[data-menu='" + key + "']");
    if (!box) return;
    each(document.querySelectorAll("#day details[data-menu][open]"), function (one) {
      if (one !== box) one.open = false;
    });
    box.open = !box.open;
    var first = box.open && box.querySelector("button");
    if (first) first.focus(); else box.querySelector("summary").focus();
  }
  function digit(number) {
    var box = document.querySelector("#day details[data-menu][open]");
    var button = box && box.querySelectorAll("button")[number - 1];
    if (!button) return false;
    byKey = true;
    button.click();
    return true;
  }
  function help() {
    var box = document.getElementById("keys");
    if (!box || !seen(box)) return;
    box.open = !box.open;
    box.querySelector("summary").focus();
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!desk() || event.target.closest("input, textarea, select, [contenteditable]")) return;
    var key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "c") press(current(), "[data-act]");
    else if (key === "d" || key === "s") menu(current(), key);
    else if (key === "u") press(document.getElementById("done"), "[data-undo]");
    else if (key === "?") help();
    else if (!(key >= "1" && key <= "9" && digit(Number(key)))) return;
    event.preventDefault();
  });
  document.addEventListener("focusin", function (event) {
    var line = event.target.closest && event.target.closest("#day .item");
    if (!line) return;
    at = lines().indexOf(line);
    if (document.querySelector("#day .item.cursor")) mark(line);
  });

  /* ----- groups stay closed until the tab is ----- */
  function kept(act) { try { return act(window.sessionStorage); } catch (error) { return null; } }
  function closed() {
    return kept(function (box) { return JSON.parse(box.getItem(CLOSED)); }) || [];
  }
  function fold() {
    closed().forEach(function (id) {
      var box = document.getElementById(id);
      if (box) box.open = false;
    });
  }
  document.addEventListener("toggle", function (event) {
    var box = event.target;
    if (!box.matches || !box.matches("details.group")) return;
    var ids = closed().filter(function (id) { return id !== box.id; });
    if (!box.open) ids.push(box.id);
    kept(function (store) { store.setItem(CLOSED, JSON.stringify(ids)); });
  }, true);
  document.addEventListener("click", function (event) {
    var chip = event.target.closest(".jumps a");
    var box = chip && document.getElementById(chip.hash.slice(1));
    if (box) box.open = true;
  });

  /* ----- answers come in any order: the reasons of the line that was asked for last are shown ----- */
  var asked = null;
  function forReasons(event) { return event.detail.target && event.detail.target.id === "why"; }
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (forReasons(event)) asked = event.detail.elt;
  });
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (forReasons(event) && event.detail.requestConfig.elt !== asked) event.detail.shouldSwap = false;
  });

  /* ----- after an act the day is shown anew, and one goes on where one was ----- */
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target.id === "why") {
      var title = event.detail.requestConfig && event.detail.requestConfig.elt;
      if (title && title.closest(".item")) choose(title.closest(".item"));
      return;
    }
    if (!document.getElementById("desk")) return;
    fold();
    var done = document.querySelector("#done p");
    var flash = document.querySelector("#flashes .flash p");
    document.getElementById("desk-said").textContent = done ? done.textContent : flash ? flash.textContent : "";
    var all = lines();
    if (byKey && all.length) go(all[Math.min(Math.max(at, 0), all.length - 1)]);
    else if (done) document.querySelector("#done [data-undo]").focus({ preventScroll: true });
    byKey = false;
  });
  fold();
})();

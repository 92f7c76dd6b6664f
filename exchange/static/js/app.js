/* Small comforts. Every page works without this file. It knows htmx by its events. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");
  var token = document.querySelector("meta[name=csrf-token]");
  var WEEK = 7 * 24 * 3600 * 1000;

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  /* ----- messages ----- */
  function say(text, kind) {
    var place = document.getElementById("flashes");
    if (!place || !text) return;
    each(place.querySelectorAll("[data-said]"), function (old) { old.remove(); });
    var box = document.createElement("div");
    box.className = "flash " + kind;
    box.dataset.said = "";
    box.appendChild(document.createElement("p")).textContent = text;
    place.appendChild(box);
  }

  /* ----- htmx ----- */
  document.addEventListener("htmx:configRequest", function (event) {
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
  function failed(event) {
    var quiet = event.target.closest && event.target.closest("[data-autosave]");
    if (quiet) return;
    var lost = event.type === "htmx:sendError" || event.type === "htmx:timeout";
    say(lost ? document.body.dataset.textOffline : document.body.dataset.textFailed, "error");
  }
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, failed);
  });

  /* ----- saved or not: elements inside [data-autosave] ----- */
  function state(word) {
    each(document.querySelectorAll("[data-save-state]"), function (box) {
      box.textContent = box.dataset[word] || "";
      box.classList.toggle("failed", word === "failed");
    });
  }
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.closest("[data-autosave]")) state("saving");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.closest("[data-autosave]")) state(event.detail.successful ? "saved" : "failed");
  });

  /* ----- no second sending ----- */
  function buttonsOf(form) {
    return Array.prototype.filter.call(form.elements, function (one) { return one.type === "submit"; });
  }
  function release(form) {
    delete form.dataset.sent;
    buttonsOf(form).forEach(function (button) {
      button.classList.remove("busy");
      button.removeAttribute("aria-disabled");
    });
  }
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    buttonsOf(form).forEach(function (button) {
      button.classList.add("busy");
      button.setAttribute("aria-disabled", "true");
    });
    setTimeout(function () { release(form); }, 20000);
    if ("forgetKept" in form.dataset) {
      forget("");
      if (window.caches) window.caches.delete("attendance");
    }
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.tagName === "FORM") release(event.target);
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) each(document.forms, release);
  });

  /* ----- menus and sheets close on a tap elsewhere and on Escape ----- */
  function closeAll(except) {
    each(document.querySelectorAll("details.menu[open], details.sheet[open]"), function (box) {
      if (!except || !box.contains(except)) box.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closeAll(event.target);
    var dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".flash").remove();
    var opener = event.target.closest("[data-opens]");
    if (opener) open(opener.dataset.opens);
  });
  function open(id) {
    var field = document.getElementById(id);
    var box = field && field.closest("details");
    if (box) box.open = true;
    if (!field) return;
    var control = field.matches("fieldset") ? field.querySelector("input:checked, input") : field;
    setTimeout(function () { control.focus(); }, 0);
  }
  if (location.hash.length > 1) open(decodeURIComponent(location.hash.slice(1)));

  /* ----- [data-clears=ID]: choosing here empties that field ----- */
  document.addEventListener("change", function (event) {
    var other = document.getElementById(event.target.dataset.clears || "");
    if (other) other.value = "";
  });

  /* ----- keys: an element with data-key is pressed by that letter ----- */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var opened = document.querySelector("details.menu[open], details.sheet[open]");
      closeAll(null);
      if (opened) opened.querySelector("summary").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    each(document.querySelectorAll("[data-key]"), function (one) {
      if (one.dataset.key === event.key.toLowerCase()) { event.preventDefault(); one.click(); }
    });
  });

  /* ----- names of chosen files ----- */
  document.addEventListener("change", function (event) {
    var list = event.target.dataset.names && document.getElementById(event.target.dataset.names);
    if (!list) return;
    list.textContent = "";
    each(event.target.files, function (file) {
      var line = list.appendChild(document.createElement("li"));
      line.appendChild(document.createElement("span")).textContent = file.name;
      line.appendChild(document.createElement("small")).textContent =
        file.size < 1e6 ? Math.ceil(file.size / 1e3) + " KB" : (file.size / 1e6).toFixed(1) + " MB";
    });
  });

  /* ----- typed words stay on this phone until the server has them -----
     form[data-keep=KEY]; success is answered with flash(KEY, "kept"). By person, for a week.
     Other forms: for a minute, while the language or the size of letters is changed. */
  var prefix = "keep:" + (document.body.dataset.person || "") + ":";
  function store(act) { try { return act(window.localStorage); } catch (error) { return null; } }
  function forget(start) {
    store(function (box) {
      Object.keys(box).forEach(function (name) { if (name.indexOf("keep:" + start) === 0) box.removeItem(name); });
    });
  }
  function keepable(one) {
    if (one.name && one.hasAttribute("data-place-code")) return true;
    return one.name && one.name !== "csrf_token" && !one.hasAttribute("data-keep-not") &&
      ["hidden", "password", "file", "submit", "button", "reset"].indexOf(one.type) < 0;
  }
  function ticks(one) { return one.type === "checkbox" || one.type === "radio"; }
  function collect(form) {
    var values = {};
    each(form.elements, function (one) {
      if (!keepable(one)) return;
      if (ticks(one)) { values[one.name] = (values[one.name] || []).concat(one.checked ? [one.value] : []); }
      else values[one.name] = one.value;
    });
    return { at: Date.now(), values: values };
  }
  function untouched(one) {
    if (ticks(one)) return one.checked === one.defaultChecked;
    if (one.tagName === "SELECT") return true;
    return one.value === "" || one.value === one.defaultValue;
  }
  function restore(form, kept) {
    each(form.elements, function (one) {
      var value = kept.values[one.name];
      if (!keepable(one) || value === undefined || !untouched(one)) return;
      if (ticks(one)) one.checked = value.indexOf(one.value) >= 0;
      else one.value = value;
    });
    state("kept");
  }
  each((document.body.dataset.keepDone || "").split(" "), function (key) {
    [prefix.slice(5), ":"].forEach(function (whose) { if (key) forget(whose + key + "|"); });
  });
  each(document.querySelectorAll("form[method=post]"), function (form, at) {
    var own = form.dataset.keep, key = (own || location.pathname + at) + "|", name = prefix + key;
    var kept = store(function (box) {
      var before = "keep::" + key; /* typed before signing in */
      if (name !== before && !box.getItem(name) && box.getItem(before)) {
        box.setItem(name, box.getItem(before));
        box.removeItem(before);
      }
      return JSON.parse(box.getItem(name));
    });
    var returned = form.querySelector(".error-summary, [aria-invalid=true]");
    if (kept && (!own || Date.now() - kept.at > WEEK)) forget(name.slice(5));
    if (kept && !returned && Date.now() - kept.at < (own ? WEEK : 6e4)) restore(form, kept);
    function save() {
      return store(function (box) { box.setItem(name, JSON.stringify(collect(form))); return true; });
    }
    var wait = 0;
    function later() {
      clearTimeout(wait);
      wait = setTimeout(function () {
        if (save() && !form.closest("[data-autosave]") && !form.querySelector("[data-autosave]")) state("kept");
      }, 400);
    }
    if (own) ["input", "place:chosen"].forEach(function (type) { form.addEventListener(type, later); });
    else document.addEventListener("click", function (event) {
      if (event.target.closest("a.tool[rel]")) save();
    });
  });

  var first = document.querySelector("[data-focus]");
  if (first) first.focus();
})();

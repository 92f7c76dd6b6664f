/* The place picker: type to search, or drill down from province to village.
   Words come from data attributes; without this file the plain text box remains. */
(function () {
  "use strict";
  var LEVELS = ["province", "city", "county", "township", "village"];
  var MOST = 60;

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function start(root) {
    var say = root.dataset;
    var input = root.querySelector(".place-box .input");
    var code = root.querySelector("[data-place-code]");
    var browse = root.querySelector(".place-browse");
    var panel = root.querySelector(".place-panel");
    var crumbs = root.querySelector(".place-crumbs");
    var list = root.querySelector(".place-list");
    var status = root.querySelector(".place-status");
    var finest = LEVELS.indexOf(say.level);
    var timer = 0;
    var asked = 0;
    var active = -1;
    var drilled = null; // the answer being browsed, null while searching
    var chosenLabel = input.value;

    code.name = say.field;
    if (input.value !== input.defaultValue) show(); // put back by app.js
    browse.hidden = false;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);

    function options() {
      return Array.prototype.slice.call(list.querySelectorAll(".place-option"));
    }

    /* The line before the picker says what is chosen. */
    function show() {
      var box = root.closest("details");
      var line = box && box.querySelector("[data-place-shown]");
      if (line && input.value) line.textContent = input.value;
    }

    function open(isOpen) {
      panel.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      browse.setAttribute("aria-expanded", String(isOpen && drilled !== null));
      if (!isOpen) {
        drilled = null;
        mark(-1);
      }
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

    function fetchPlaces(url, show) {
      var turn = ++asked;
      fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" })
        .then(function (response) {
          if (!response.ok) throw new Error(String(response.status));
          return response.json();
        })
        .then(function (answer) {
          if (turn === asked) show(answer);
        })
        .catch(function () {
          if (turn === asked) status.textContent = say.sayFailed;
        });
    }

    function choose(place) {
      asked += 1;
      window.clearTimeout(timer);
      code.value = place.code;
      input.value = place.label;
      chosenLabel = place.label;
      status.textContent = say.sayChosen.replace("{name}", place.label);
      root.querySelectorAll(".place-offers input").forEach(function (radio) {
        radio.checked = false;
        radio.disabled = true;
      });
      open(false);
      show();
      input.focus();
      root.dispatchEvent(new CustomEvent("place:chosen", { bubbles: true, detail: place }));
    }

    function addOption(text, above, className, act) {
      var option = element("button", "place-option" + (className ? " " + className : ""));
      option.type = "button";
      option.id = list.id + "-" + list.childElementCount;
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.appendChild(element("span", "", text));
      if (above) option.appendChild(element("span", "small", above));
      option.addEventListener("click", act);
      list.appendChild(option);
    }

    function finish(count) {
      if (!count) list.appendChild(element("p", "place-none", say.sayNone));
      status.textContent = count ? say.sayCount.replace("{n}", String(count)) : "";
      open(true);
      mark(-1);
    }

    function mayChoose(place) {
      var depth = LEVELS.indexOf(place.level);
      return depth === finest || (depth < finest && say.anyLevel === "yes");
    }

    function showFound(answer) {
      list.textContent = "";
      crumbs.textContent = "";
      list.classList.remove("is-tiles");
      var shown = answer.places.filter(function (place) {
        return LEVELS.indexOf(place.level) <= finest;
      });
      shown.forEach(function (place) {
        addOption(place.name, place.above, "", function () {
          if (mayChoose(place)) choose(place);
          else drill(place.code);
        });
      });
      finish(shown.length);
    }

    function search() {
      var text = input.value.trim();
      if (text.length < 2) {
        asked += 1;
        open(false);
        return;
      }
      drilled = null;
      var url = say.searchUrl + "?q=" + encodeURIComponent(text);
      if (say.near) url += "&near=" + encodeURIComponent(say.near);
      fetchPlaces(url, showFound);
    }

    function drill(above) {
      var url = above ? say.childrenUrl.replace("CODE", encodeURIComponent(above)) : say.topUrl;
      fetchPlaces(url, function (answer) {
        drilled = answer;
        showDrilled("");
      });
    }

    function addCrumb(text, act) {
      var crumb = element("button", "place-crumb", text);
      crumb.type = "button";
      crumb.addEventListener("click", act);
      crumbs.appendChild(crumb);
    }

    function showCrumbs() {
      crumbs.textContent = "";
      addCrumb(say.sayAll, function () { drill(""); });
      drilled.path.forEach(function (place) {
        addCrumb(place.name, function () { drill(place.code); });
      });
      if (drilled.places.length > 24) {
        var filter = element("input", "input");
        filter.type = "text";
        filter.setAttribute("aria-label", say.sayFilter);
        filter.placeholder = say.sayFilter;
        filter.addEventListener("input", function () { showTiles(filter.value.trim()); });
        filter.addEventListener("keydown", onKey);
        crumbs.appendChild(filter);
      }
    }

    function showTiles(filter) {
      list.textContent = "";
      list.classList.add("is-tiles");
      var here = drilled.path[drilled.path.length - 1];
      if (here && mayChoose(here)) {
        addOption(say.sayHere.replace("{name}", here.name), "", "is-here", function () { choose(here); });
      }
      var wanted = filter.toLowerCase();
      var fitting = drilled.places.filter(function (place) {
        return place.name.toLowerCase().indexOf(wanted) >= 0;
      });
      fitting.slice(0, MOST).forEach(function (place) {
        addOption(place.name, "", "", function () {
          if (place.leaf || LEVELS.indexOf(place.level) >= finest) choose(place);
          else drill(place.code);
        });
      });
      finish(fitting.length);
    }

    function showDrilled() {
      showCrumbs();
      showTiles("");
      browse.setAttribute("aria-expanded", "true");
    }

    function onKey(event) {
      var all = options();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (panel.hidden) { search(); return; }
        if (!all.length) return;
        event.preventDefault();
        var step = event.key === "ArrowDown" ? 1 : -1;
        mark((active + step + all.length + (active < 0 && step < 0 ? 1 : 0)) % all.length);
      } else if (event.key === "Enter" && !panel.hidden) {
        event.preventDefault();
        if (all.length) all[Math.max(active, 0)].click();
      } else if (event.key === "Escape" && !panel.hidden) {
        event.preventDefault();
        open(false);
        input.focus();
      }
    }

    input.addEventListener("input", function () {
      if (input.value !== chosenLabel) code.value = "";
      status.textContent = "";
      window.clearTimeout(timer);
      timer = window.setTimeout(search, 180);
    });
    input.addEventListener("focus", function () { if (input.value) input.select(); });
    input.addEventListener("keydown", onKey);
    browse.addEventListener("click", function () {
      if (drilled !== null) open(false);
      else drill(code.value.slice(0, 6) || (say.near || "").slice(0, 6));
    });
    document.addEventListener("click", function (event) {
      if (!panel.hidden && !event.composedPath().includes(root)) open(false);
    });
  }

  function startAll(scope) {
    scope.querySelectorAll("[data-place-picker]").forEach(function (root) {
      if (root.dataset.ready) return;
      root.dataset.ready = "yes";
      start(root);
    });
  }

  startAll(document);
  document.addEventListener("htmx:load", function (event) { startAll(event.target.parentNode || document); });
})();

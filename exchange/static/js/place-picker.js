/* The place picker: type to search, or drill down from province to village.
   Words come from data attributes; without this file the plain text box remains. */
(function () {
  "use strict";
  var LEVELS = ["province", "city", "county", "township", "village"];
  var MOST = 60;

  var combobox = window.combobox; // combobox.js stands before this file
  if (!combobox) return;
  var element = combobox.element;

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
    var drilled = null; // the answer being browsed, null while searching
    var chosenLabel = input.value;

    code.name = say.field;
    if (input.value !== input.defaultValue) show(); // put back by app.js
    browse.hidden = false;
    var box = combobox(input, list, panel, { typed: typed, opened: opened, wake: search, first: true });

    /* The line before the picker says what is chosen. */
    function show() {
      var box = root.closest("details");
      var line = box && box.querySelector("[data-place-shown]");
      if (line && input.value) line.textContent = input.value;
    }

    function opened(isOpen) {
      browse.setAttribute("aria-expanded", String(isOpen && drilled !== null));
      if (!isOpen) drilled = null;
    }

    function fetchPlaces(url, show) {
      box.ask(url, show, function () { status.textContent = say.sayFailed; });
    }

    function choose(place) {
      box.stop();
      code.value = place.code;
      input.value = place.label;
      chosenLabel = place.label;
      status.textContent = say.sayChosen.replace("{name}", place.label);
      root.querySelectorAll(".place-offers input").forEach(function (radio) {
        radio.checked = false;
        radio.disabled = true;
      });
      box.open(false);
      show();
      input.focus();
      root.dispatchEvent(new CustomEvent("place:chosen", { bubbles: true, detail: place }));
    }

    function finish(count) {
      if (!count) list.appendChild(element("p", "place-none", say.sayNone));
      status.textContent = count ? say.sayCount.replace("{n}", String(count)) : "";
      box.open(true);
      box.mark(-1);
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
        box.add(place.name, place.above, "", function () {
          if (mayChoose(place)) choose(place);
          else drill(place.code);
        });
      });
      finish(shown.length);
    }

    function search() {
      var text = input.value.trim();
      if (text.length < 2) {
        box.stop();
        box.open(false);
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
        filter.addEventListener("keydown", box.onKey);
        crumbs.appendChild(filter);
      }
    }

    function showTiles(filter) {
      list.textContent = "";
      list.classList.add("is-tiles");
      var here = drilled.path[drilled.path.length - 1];
      if (here && mayChoose(here)) {
        box.add(say.sayHere.replace("{name}", here.name), "", "is-here", function () { choose(here); });
      }
      var wanted = filter.toLowerCase();
      var fitting = drilled.places.filter(function (place) {
        return place.name.toLowerCase().indexOf(wanted) >= 0;
      });
      fitting.slice(0, MOST).forEach(function (place) {
        box.add(place.name, "", "", function () {
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

    function typed() {
      if (input.value !== chosenLabel) code.value = "";
      status.textContent = "";
      box.stop();
      box.later(search, 180);
    }

    input.addEventListener("focus", function () { if (input.value) input.select(); });
    browse.addEventListener("click", function () {
      if (drilled !== null) box.open(false);
      else drill(code.value.slice(0, 6) || (say.near || "").slice(0, 6));
    });
    combobox.elsewhere(root, panel, function () { box.open(false); });
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

/* Suggestions under a search box: what was searched on this phone, and what the server proposes.
   Needs combobox.js. The history stays on this device, by person, and goes at sign-out (its key begins like
   what app.js keeps). Without this file, or without a network, the box is a box. */
(function () {
  "use strict";
  var combobox = window.combobox;
  if (!combobox) return;
  var element = combobox.element;
  var KEY = "keep:" + (document.body.dataset.person || "") + ":searches|";
  var MOST_KEPT = 20;
  var SHOWN = 6; // of the history under an empty box
  var WAIT = 150;
  var ICONS = { history: "history", category: "list", place: "map-pin", query: "search" };
  var SVG = "http://www.w3.org/2000/svg";

  function history() {
    try {
      var kept = JSON.parse(window.localStorage.getItem(KEY));
      return Array.isArray(kept) ? kept.filter(function (one) { return typeof one === "string"; }) : [];
    } catch (error) { return []; }
  }
  function keep(entries) {
    try {
      if (entries.length) window.localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST_KEPT)));
      else window.localStorage.removeItem(KEY);
    } catch (error) { /* no room, or not allowed: then there is no history */ }
  }
  function remember(text) {
    text = text.trim().slice(0, 60);
    if (text) keep([text].concat(history().filter(function (one) { return one !== text; })));
  }

  function icon(sprite, name) {
    var svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    svg.appendChild(document.createElementNS(SVG, "use")).setAttribute("href", sprite + "#" + name);
    return svg;
  }

  function start(root, number) {
    var say = root.dataset;
    var form = root.querySelector("form");
    var input = form.querySelector("input[type=search]");
    var panel = element("div", "place-panel");
    var list = panel.appendChild(element("div", "place-list"));
    var status = element("p", "visually-hidden");
    panel.hidden = true;
    list.id = "suggest-" + number;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", say.sayList);
    status.setAttribute("role", "status");
    root.appendChild(panel);
    root.appendChild(status);
    var box = combobox(input, list, panel, { typed: typed, wake: wake });

    function choose(text, filters) {
      input.value = text;
      Object.keys(filters || {}).forEach(function (name) {
        var field = form.querySelector("input[type=hidden][name=" + name + "]");
        if (!field) {
          field = form.appendChild(element("input"));
          field.type = "hidden";
          field.name = name;
        }
        field.value = filters[name];
      });
      box.stop();
      box.open(false);
      remember(text);
      form.submit();
    }

    function group(kind) {
      var made = element("div");
      var head = made.appendChild(element("p", "suggest-head row tight small"));
      made.setAttribute("role", "group");
      head.id = list.id + "-" + kind;
      made.setAttribute("aria-labelledby", head.id);
      head.appendChild(icon(say.icons, ICONS[kind]));
      head.appendChild(element("span", "", say["say" + kind.charAt(0).toUpperCase() + kind.slice(1)]));
      return list.appendChild(made);
    }

    function clear() {
      keep([]);
      box.open(false);
      status.textContent = say.sayCleared;
      input.focus();
    }

    function show(past, items) {
      list.textContent = "";
      var groups = {};
      var said = {};
      past.forEach(function (text) { said[text.toLowerCase()] = true; });
      if (past.length) {
        groups.history = group("history");
        past.forEach(function (text) {
          box.add(text, "", "", function () { choose(text); }, groups.history);
        });
      }
      items.forEach(function (item) {
        if (!ICONS[item.kind] || (item.kind === "query" && said[item.label.toLowerCase()])) return;
        groups[item.kind] = groups[item.kind] || group(item.kind);
        var label = item.q && item.kind !== "query" ? item.q + " · " + item.label : item.label;
        box.add(label, item.detail, "", function () { choose(item.q, item.filters); }, groups[item.kind]);
      });
      if (past.length && !input.value.trim()) box.add(say.sayClear, "", "is-here", clear, groups.history);
      var count = list.querySelectorAll("[role=option]").length;
      status.textContent = count ? say.sayCount.replace("{n}", String(count)) : "";
      box.open(count > 0);
      box.mark(-1);
    }

    function fitting(text) {
      var wanted = text.toLowerCase();
      return history().filter(function (one) {
        return one.toLowerCase() !== wanted && one.toLowerCase().indexOf(wanted) >= 0;
      }).slice(0, text ? 2 : SHOWN);
    }

    function suggest() {
      var text = input.value.trim();
      if (!text) { box.stop(); show(fitting(""), []); return; }
      box.ask(say.suggestUrl + "&q=" + encodeURIComponent(text), function (answer) {
        if (document.activeElement === input) show(fitting(text), answer.items);
      }, function () { box.open(false); });
    }
    function typed() {
      box.stop();
      if (!input.value.trim()) suggest();
      else box.later(suggest, WAIT);
    }
    function wake() { suggest(); }

    input.addEventListener("click", function () { if (panel.hidden && !input.value.trim()) suggest(); });
    form.addEventListener("submit", function () { box.stop(); box.open(false); remember(input.value); });
    root.addEventListener("focusout", function (event) {
      if (event.relatedTarget && !root.contains(event.relatedTarget)) box.open(false);
    });
    combobox.elsewhere(root, panel, function () { box.stop(); box.open(false); });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-suggest-url]"), start);
})();

/* The coordinator's list: a tick is kept on this phone until the site has it, and counts once. */
(function () {
  "use strict";
  var list = document.querySelector("[data-attendance]");
  var state = document.getElementById("ticks-state");
  if (!list || !state || !window.fetch || !store("test")) return;
  var key = "attendance:" + (document.body.dataset.person || "") + ":" + list.dataset.attendance;
  var token = document.querySelector("meta[name=csrf-token]");
  var busy = false;

  function store(name, value) {
    try {
      if (value !== undefined) window.localStorage.setItem(name, value);
      return window.localStorage.getItem(name) || "[]";
    } catch (error) { return ""; }
  }
  function queue() {
    try { return JSON.parse(store(key)) || []; } catch (error) { return []; }
  }
  function newId() {
    var parts = new Uint32Array(4);
    window.crypto.getRandomValues(parts);
    return Array.prototype.map.call(parts, function (part) { return part.toString(36); }).join("-");
  }
  function say(name, count, words) {
    var text = words || state.dataset[name] || "";
    state.textContent = text.replace("#", String(count || 0));
    state.className = name === "saved" ? "small" : "small ticks-open";
  }
  function choose(signup, kind) {
    var row = list.querySelector('[data-signup="' + signup + '"]');
    if (!row) return;
    Array.prototype.forEach.call(row.querySelectorAll("input[type=radio]"), function (one) {
      one.checked = one.value === kind;
    });
  }
  function showQueue() { queue().forEach(function (tick) { choose(tick.s, tick.k); }); }

  function answered(response) {
    var kind = response.headers.get("content-type") || "";
    if (response.redirected || kind.indexOf("json") < 0) {
      say(response.status < 500 ? "closed" : "waiting", queue().length);
      return null;
    }
    return response.json().then(function (answer) {
      if (!response.ok) { say("waiting", queue().length, answer.message); return; }
      var refused = Object.keys(answer.refused);
      var done = answer.kept.concat(refused);
      var left = queue().filter(function (tick) { return done.indexOf(tick.c) < 0; });
      store(key, JSON.stringify(left));
      Object.keys(answer.people).forEach(function (signup) { choose(signup, answer.people[signup]); });
      showQueue();
      if (refused.length) say("waiting", 0, answer.refused[refused[0]]);
      else if (left.length) send();
      else say("saved");
    });
  }
  function send() {
    var ticks = queue();
    if (busy || !ticks.length) return;
    busy = true;
    say("sending", ticks.length);
    fetch(list.dataset.url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token ? token.content : "" },
      body: JSON.stringify({ ticks: ticks.slice(0, 200).map(function (tick) {
        var age = Math.max(0, Math.min(999999, Math.round((Date.now() - tick.t) / 1000)));
        return { client_id: tick.c, signup: tick.s, kind: tick.k, age: age };
      }) })
    }).then(
      function (response) { busy = false; return answered(response); },
      function () { busy = false; say("waiting", queue().length); }
    );
  }
  list.addEventListener("change", function (event) {
    var row = event.target.closest("[data-signup]");
    if (!row || event.target.type !== "radio") return;
    var ticks = queue();
    ticks.push({ c: newId(), s: row.dataset.signup, k: event.target.value, t: Date.now() });
    store(key, JSON.stringify(ticks));
    say("waiting", ticks.length);
    send();
  });
  Array.prototype.forEach.call(document.querySelectorAll("[data-without-script]"), function (one) {
    one.hidden = true;
  });
  window.addEventListener("online", send);
  setInterval(send, 20000);
  showQueue();
  if (queue().length) { say("waiting", queue().length); send(); }

  /* Opened once, the page opens without a network, too: the worker keeps what passes through it, and
     what came before it was there is fetched here. Only whole answers are put in. */
  function keep(box, address) {
    return fetch(address, { credentials: "same-origin" }).then(function (response) {
      if (!response.ok || response.redirected) throw new Error(address);
      return response.blob().then(function (body) {
        return box.put(address, new Response(body, { status: response.status, headers: response.headers }));
      });
    });
  }
  function keepAll(box, passed) {
    var needed = [location.pathname];
    Array.prototype.forEach.call(document.querySelectorAll("link[href], script[src], use"), function (one) {
      var address = one.getAttribute("href") || one.getAttribute("src") || "";
      address = address.split("#")[0];
      if (address.indexOf("/static/") === 0 && needed.indexOf(address) < 0) needed.push(address);
    });
    return Promise.all(needed.map(function (address) {
      if (address === location.pathname && !passed) return keep(box, address);
      return box.match(address, { ignoreVary: true }).then(function (found) {
        return found || keep(box, address);
      });
    }));
  }
  if (navigator.serviceWorker && window.caches) {
    var passed = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.register(list.dataset.worker, { scope: "/attendance/" }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function () {
      return window.caches.open("attendance");
    }).then(function (box) {
      return keepAll(box, passed);
    }).then(function () {
      if (!queue().length && !busy) say("ready");
    }).catch(function () { /* without it the list still works while it stays open */ });
  }
})();

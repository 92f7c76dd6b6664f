/* Keeps the lists that a coordinator has opened, so that they open without a network, for three days. */
(function () {
  "use strict";
  var CACHE = "attendance", DAYS = 3 * 24 * 3600 * 1000, PATIENCE = 8000;
  var PAGE = /^\/attendance\/shifts\/[a-z0-9]+$/;
  function isOld(response) {
    var at = Date.parse(response.headers.get("date") || "");
    return !at || Date.now() - at > DAYS;
  }
  function kept(request, isPage) {
    return caches.open(CACHE).then(function (box) {
      return box.match(request, { ignoreVary: true }).then(function (found) {
        if (found && isPage && isOld(found)) return box.delete(request).then(function () { return undefined; });
        return found;
      });
    });
  }
  /* Only what has come as a whole is put in: a body that breaks off would take the older copy along. */
  function keep(request, response) {
    if (!response.ok || response.redirected || response.type !== "basic") return Promise.resolve();
    var whole = response.clone();
    return whole.blob().then(function (body) {
      return caches.open(CACHE).then(function (box) {
        return box.put(request.url, new Response(body, { status: whole.status, headers: whole.headers }));
      });
    }).catch(function () { /* the older copy stays */ });
  }
  self.addEventListener("install", function () { self.skipWaiting(); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
  self.addEventListener("fetch", function (event) {
    var request = event.request, url = new URL(request.url);
    if (request.method !== "GET" || url.origin !== self.location.origin) return;
    var isPage = PAGE.test(url.pathname);
    if (!isPage && url.pathname.indexOf("/static/") !== 0) return;
    var arrives = fetch(request);
    event.waitUntil(arrives.then(function (response) { return keep(request, response); }, function () {}));
    var fresh = arrives.catch(function () {
      return kept(request, isPage).then(function (found) { return found || Response.error(); });
    });
    var patient = new Promise(function (done) {
      setTimeout(function () {
        kept(request, isPage).then(function (found) { if (found) done(found); });
      }, PATIENCE);
    });
    event.respondWith(Promise.race([fresh, patient]));
  });
})();

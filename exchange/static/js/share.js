/* Two buttons: print this page, and copy a text. Without this file the browser's own ways remain. */
(function () {
  "use strict";
  function say(name) {
    var place = document.getElementById("copied");
    if (place) place.textContent = place.dataset[name] || "";
  }
  function copyOld(field) {
    field.focus();
    field.select();
    field.setSelectionRange(0, field.value.length);
    try { return document.execCommand("copy"); } catch (error) { return false; }
  }
  function copy(field) {
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(field.value).then(
        function () { say("copied"); },
        function () { say(copyOld(field) ? "copied" : "failed"); }
      );
    } else {
      say(copyOld(field) ? "copied" : "failed");
    }
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-print], [data-copy]");
    if (!button) return;
    if (button.hasAttribute("data-print")) window.print();
    else copy(document.getElementById(button.dataset.copy));
  });
})();

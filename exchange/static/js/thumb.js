/* The button at the thumb belongs to one form: it steps aside for another that is in use. */
(function () {
  "use strict";
  var thumb = document.querySelector(".thumb-bar [form]");
  function makeWay(form) {
    thumb.closest(".thumb-bar").classList.toggle("aside", Boolean(form) && form !== thumb.form);
  }
  if (thumb) {
    document.addEventListener("focusin", function (event) { makeWay(event.target.form); });
    document.addEventListener("click", function (event) {
      var part = event.target.closest("details.more > summary");
      if (part) makeWay(part.parentNode.open ? null : part.parentNode.querySelector("form"));
    });
  }
})();

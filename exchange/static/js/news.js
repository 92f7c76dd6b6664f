/* Pictures that were chosen before the word about children was ticked are not sent in vain. */
(function () {
  "use strict";
  var form = document.getElementById("news");
  var tick = form && form.querySelector("input[name=children]");
  var photos = form && form.querySelector("input[name=photos]");
  if (!tick || !photos) return;
  form.addEventListener("submit", function (event) {
    var pressed = event.submitter;
    if (!photos.files.length || tick.checked || (pressed && pressed.formNoValidate)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tick.setCustomValidity(form.dataset.unsaid || "");
    tick.reportValidity();
  }, true);
  tick.addEventListener("change", function () { tick.setCustomValidity(""); });
})();

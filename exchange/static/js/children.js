/* Pictures that others will see are not sent in vain: what is said about children on them comes first. */
(function () {
  "use strict";
  function looks(file) { return file.type.indexOf("audio/") !== 0; }
  Array.prototype.forEach.call(document.querySelectorAll("[data-children]"), function (question) {
    var next = question.nextElementSibling;
    var files = next && next.querySelector("input[type=file]");
    var answers = question.querySelectorAll("input[type=radio]");
    if (!files || !answers.length) return;
    function clear() {
      Array.prototype.forEach.call(answers, function (one) { one.setCustomValidity(""); });
    }
    question.addEventListener("change", clear);
    files.addEventListener("change", clear);
    files.form.addEventListener("submit", function (event) {
      var said = question.querySelector("input:checked"), pressed = event.submitter;
      if (!Array.prototype.some.call(files.files, looks) || (pressed && pressed.formNoValidate)) return;
      if (said && said.value === "no_child") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      var more = question.closest("details");
      if (more) more.open = true;
      answers[0].setCustomValidity((said ? question.dataset.refused : question.dataset.children) || "");
      answers[0].reportValidity();
    }, true);
  });
})();

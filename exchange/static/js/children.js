/* Pictures that others will see are not sent in vain: what is said about children on them comes first. */
(function () {
  "use strict";
  function looks(file) { return file.type.indexOf("audio/") !== 0; }
  Array.prototype.forEach.call(document.querySelectorAll("[data-children]"), function (question) {
    var next = question.nextElementSibling;
    var files = next && next.querySelector("input[type=file]");
    var answers = question.querySelectorAll("input[type=radio]");
    if (!files || !answers.length) return;
    var note = document.createElement("div");
    function clear() {
      Array.prototype.forEach.call(answers, function (one) { one.setCustomValidity(""); });
      note.remove();
    }
    function leaveOut() {
      files.value = "";
      files.dispatchEvent(new Event("change", { bubbles: true }));
      files.focus();
    }
    function say(words) {  // stays on the page when the browser's bubble has gone
      var line = document.createElement("p"), out = document.createElement("button");
      line.className = "field-error";
      line.textContent = words;
      out.type = "button";
      out.className = "btn quiet slim";
      out.textContent = question.dataset.without;
      out.addEventListener("click", leaveOut);
      note.textContent = "";
      note.setAttribute("role", "alert");
      note.append(line, out);
      question.append(note);
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
      var words = (said ? question.dataset.refused : question.dataset.children) || "";
      say(words);
      answers[0].setCustomValidity(words);
      answers[0].reportValidity();
    }, true);
  });
})();

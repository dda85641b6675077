"use strict";
(function () {
  var body = document.body;

  var button = document.querySelector(".copy");
  var told = document.getElementById("told");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = button.dataset.copy;
      var done = function () { told.textContent = button.dataset.done; };
      var byHand = function () {
        var range = document.createRange();
        range.selectNodeContents(document.getElementById("number"));
        var selection = window.getSelection();
        selection.removeAllRanges();
        selection.addRange(range);
        told.textContent = button.dataset.failed;
      };
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(text).then(done, byHand);
      } else {
        byHand();
      }
    });
  }

  var countdown = document.querySelector(".countdown");
  if (countdown) {
    var ends = Date.parse(countdown.dataset.ends);
    var shown = countdown.querySelector("dd");
    var two = function (number) { return (number < 10 ? "0" : "") + number; };
    var tick = function () {
      var left = Math.max(0, Math.floor((ends - Date.now()) / 1000));
      var days = Math.floor(left / 86400);
      var clock = two(Math.floor(left % 86400 / 3600)) + ":" + two(Math.floor(left % 3600 / 60)) + ":" + two(left % 60);
      countdown.classList.toggle("soon", left < 3600);
      shown.textContent = (days > 0 ? days + " " + countdown.dataset.day + " " : "") + clock;
    };
    countdown.hidden = false;
    tick();
    window.setInterval(tick, 1000);
  }

  if (body.dataset.changing === "true") {
    var wait = 4000;
    var look = function () {
      if (document.hidden) {
        window.setTimeout(look, 2000);
        return;
      }
      fetch(window.location.pathname, { headers: { Accept: "application/json" }, cache: "no-store", credentials: "omit" })
        .then(function (answer) {
          if (!answer.ok) { throw new Error("not now"); }
          return answer.json();
        })
        .then(function (now) {
          if (now.version !== body.dataset.version) {
            window.location.reload();
            return;
          }
          wait = 4000;
          window.setTimeout(look, wait);
        })
        .catch(function () {
          wait = Math.min(wait * 2, 60000);
          window.setTimeout(look, wait);
        });
    };
    window.setTimeout(look, wait);
  }
})();

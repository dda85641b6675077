"use strict";
(function () {
  var body = document.body;
  var said = document.getElementById("said");

  // The sandbox's clock, which may be far from this machine's.
  var ahead = Date.parse(body.dataset.now) - Date.now();
  var two = function (number) { return (number < 10 ? "0" : "") + number; };
  var shown = function (instant) {
    var wib = new Date(instant + 7 * 3600 * 1000);
    return wib.toISOString().slice(0, 10) + " " + wib.toISOString().slice(11, 19);
  };
  var left = function (seconds) {
    var days = Math.floor(seconds / 86400);
    var hours = Math.floor(seconds % 86400 / 3600);
    var minutes = Math.floor(seconds % 3600 / 60);
    if (days > 0) { return days + " " + body.dataset.day + " " + hours + " " + body.dataset.hour; }
    if (hours > 0) { return hours + ":" + two(minutes) + ":" + two(seconds % 60); }
    return minutes + ":" + two(seconds % 60);
  };
  var tick = function () {
    var now = Date.now() + ahead;
    var clocks = document.querySelectorAll("#now, [data-running]");
    Array.prototype.forEach.call(clocks, function (clock) { clock.textContent = shown(now); });
    Array.prototype.forEach.call(document.querySelectorAll("[data-ends]"), function (end) {
      end.textContent = left(Math.max(0, Math.floor((Date.parse(end.dataset.ends) - now) / 1000)));
    });
  };
  tick();
  window.setInterval(tick, 1000);

  Array.prototype.forEach.call(document.querySelectorAll(".copy"), function (button) {
    var source = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", function () {
      var done = function () { said.textContent = body.dataset.copied; button.textContent = body.dataset.copied; };
      var byHand = function () {
        window.getSelection().selectAllChildren(source);
        said.textContent = body.dataset.notCopied;
      };
      if (navigator.clipboard && window.isSecureContext) {
        navigator.clipboard.writeText(source.textContent).then(done, byHand);
      } else {
        byHand();
      }
    });
  });

  // Who clicks twice pays once.
  document.addEventListener("submit", function (event) {
    if (event.target.dataset.sent) { event.preventDefault(); }
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(document.querySelectorAll("form[data-sent]"), function (form) { delete form.dataset.sent; });
  });

  var parts = Array.prototype.slice.call(document.querySelectorAll(".live[data-part]"));
  if (parts.length === 0) { return; }
  var state = document.getElementById("live-state");
  var tell = function (text, lost) {
    state.hidden = false;
    state.className = lost ? "lost" : "";
    if (state.textContent !== text) { state.textContent = text; }
  };

  // Somebody who selects a text in a part, or reads something that the new one does not have, is not interrupted.
  var busy = function (part, next) {
    var selection = window.getSelection();
    if (selection && !selection.isCollapsed && part.contains(selection.anchorNode)) { return true; }
    var read = part.querySelectorAll("details[open]");
    return Array.prototype.some.call(read, function (one) { return !next.getElementById(one.id); });
  };

  var put = function (part, change) {
    var next = new DOMParser().parseFromString(change.html, "text/html");
    if (busy(part, next)) { return false; }
    var open = Array.prototype.map.call(part.querySelectorAll("details[open]"), function (one) { return one.id; });
    var focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceChildren.apply(part, Array.prototype.slice.call(next.body.childNodes));
    open.forEach(function (id) { document.getElementById(id).open = true; });
    if (focused) {
      var again = document.getElementById(focused);
      if (again) {
        again.focus({ preventScroll: true });
      } else {
        part.tabIndex = -1;
        part.focus({ preventScroll: true });
      }
    }
    part.dataset.version = change.version;
    if (part.dataset.said) { said.textContent = part.dataset.said; }
    tick();
    return true;
  };

  var usual = 1500;
  var wait = usual;
  var look = function () {
    if (document.hidden) {
      window.setTimeout(look, usual);
      return;
    }
    var asked = parts.map(function (part) {
      return part.dataset.part + "=" + part.dataset.most + "." + part.dataset.version;
    });
    asked.push("lang=" + document.documentElement.lang);
    fetch("/live?" + asked.join("&"), { cache: "no-store" })
      .then(function (answer) {
        if (!answer.ok) { throw new Error("not now"); }
        return answer.json();
      })
      .then(function (news) {
        ahead = Date.parse(news.now) - Date.now();
        var held = parts.filter(function (part) {
          var change = news.parts[part.dataset.part];
          return change && !put(part, change);
        });
        wait = usual;
        tell(held.length > 0 ? body.dataset.paused : body.dataset.live, false);
        window.setTimeout(look, wait);
      })
      .catch(function () {
        wait = Math.min(wait * 2, 30000);
        tell(body.dataset.notLive, true);
        window.setTimeout(look, wait);
      });
  };
  tell(body.dataset.live, false);
  window.setTimeout(look, usual);
})();

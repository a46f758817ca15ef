// Makes pages quicker to use. Every page works without this file.
"use strict";

document.documentElement.classList.add("scripted");
const select = (query) => Array.from(document.querySelectorAll(query));

// Choices that need no button.
for (const field of select("[data-submit]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
  const button = field.form.querySelector("button");
  if (button) button.hidden = true;
}

// Questions before what cannot be taken back.
for (const button of select("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}

// A form is sent once.
for (const form of select("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of select("form[data-sent]")) delete form.dataset.sent;
});

for (const button of select("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const link of select("[data-back]")) {
  link.addEventListener("click", (event) => {
    if (history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });
}

// The keyboard: rows, search, pages, help.
const help = document.getElementById("help");
for (const button of select("[data-open=help]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}
const rows = select("table.rows tbody tr").filter((row) => row.querySelector("[data-row]"));
let selected = -1;
function move(step) {
  if (!rows.length) return;
  if (selected >= 0) rows[selected].removeAttribute("aria-selected");
  selected = Math.min(Math.max(selected + step, 0), rows.length - 1);
  rows[selected].setAttribute("aria-selected", "true");
  rows[selected].querySelector("[data-row]").focus({ preventScroll: true });
  rows[selected].scrollIntoView({ block: "nearest" });
}
const places = { h: "/", m: "/cases", v: "/vouchers", t: "/evidence", r: "/balances", c: "/connectors" };
let waitsForPlace = false;
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, textarea, select, dialog[open]");
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing) return;
  if (waitsForPlace && places[event.key]) {
    window.location.assign(places[event.key]);
    return;
  }
  waitsForPlace = event.key === "g";
  const link = selected >= 0 ? rows[selected].querySelector("[data-row]") : null;
  if (event.key === "j" || event.key === "ArrowDown") move(1);
  else if (event.key === "k" || event.key === "ArrowUp") move(-1);
  else if (event.key === "o" && link) window.open(link.href, "_blank", "noopener");
  else if (event.key === "?" && help) help.showModal();
  else if (event.key === "/" && document.getElementById("q")) document.getElementById("q").focus();
  else return;
  event.preventDefault();
});

// Figures that follow the books. Only a page that is looked at holds a connection.
const live = document.querySelector("[data-events]");
if (live && "EventSource" in window) {
  const words = document.body.dataset;
  let source = null;
  let failure = 0;
  const show = (works) => {
    live.hidden = false;
    live.classList.toggle("off", !works);
    const text = works ? words.live : words.stopped;
    if (live.textContent !== text) live.textContent = text;
  };
  const fill = (event) => {
    clearTimeout(failure);
    failure = 0;
    show(true);
    const counts = JSON.parse(event.data);
    for (const place of select("[data-count]")) {
      const [group, name] = place.dataset.count.split(".");
      const value = counts[group] ? counts[group][name] : undefined;
      if (value !== undefined) place.textContent = value;
    }
  };
  const open = () => {
    source = new EventSource(live.dataset.events);
    source.addEventListener("counts", fill);
    source.addEventListener("error", () => {
      if (!failure) failure = setTimeout(() => show(false), 30000);
    });
  };
  const close = () => {
    if (source) source.close();
    source = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
}

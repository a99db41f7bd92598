// The panel at the foot of a page: a bar that says in a line how the page is, and opens. It stands in a tree of its own, so
// that no theme changes how it looks and it changes no page. Whether it is open is known to this script alone.

const panel = (() => {
  const make = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };
  const host = make("div", { id: "preview-panel", lang: "en", dir: "ltr", hidden: true });
  const style = make("link", { rel: "stylesheet", href: "/__live/panel.css", onload: () => (host.hidden = false) });
  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");
  const mark = make("span", { className: "mark" });
  mark.setAttribute("aria-hidden", "true");
  const line = make("span", { className: "line" });
  const summary = make("summary", {}, mark, line);
  const close = make("button", { className: "panel-close", type: "button" });
  const told = make("div");
  const details = make("details", { className: "panel" }, summary, make("div", { className: "panel-inside" }, close, told));
  const section = make("section", {}, said, details);
  section.setAttribute("aria-label", "Preview");
  host.attachShadow({ mode: "open" }).append(style, section);

  const shut = () => {
    details.open = false;
    summary.focus();
  };
  close.addEventListener("click", shut);
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && details.open) shut();
  });
  // What has the focus on the page is not hidden by the panel.
  new ResizeObserver(() => {
    document.documentElement.style.scrollPaddingBlockEnd = `${Math.min(host.offsetHeight, innerHeight / 2) + 16}px`;
  }).observe(host);

  let state;
  let openedHere = false;
  const show = (next, text) => {
    if (state !== undefined && (state !== next || line.textContent !== text)) said.textContent = text;
    // A mistake that was just made shows itself; whoever asked for the last good version sees that.
    if (next === "broken-here" && state !== undefined && state !== next && !details.open) {
      details.open = openedHere = true;
    } else if (next !== "broken-here" && state === "broken-here" && openedHere) {
      details.open = openedHere = false;
    }
    state = next;
    details.dataset.state = next;
    line.textContent = text;
    close.textContent = next === "broken-here" ? "Show the last good version" : "Close";
  };

  return {
    host,
    /** Asks what there is to tell about this page now. */
    async refresh() {
      const answer = await fetch(`/~page${location.pathname}`, { cache: "no-store" });
      const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("panel");
      if (!next) return;
      morphChildren(told, next);
      show(next.dataset.state, next.dataset.line);
      if (!host.isConnected) document.body.append(host);
    },
    stopped: () => show("broken", "The preview has stopped. Start it again in the terminal."),
  };
})();

// Follows the attempts to build: a good one changes the page in place, a broken one leaves the last good page and tells in
// the panel what to mend. Never part of a published site.

const parse = (text) => new DOMParser().parseFromString(text, "text/html");
const stylesOf = (page) => [...page.querySelectorAll('link[rel="stylesheet"]')];
const addressOf = (link) => link.getAttribute("href");

/** Puts the style sheets of another version in place, each before the old one goes, so that the page never stands bare. */
const restyle = async (next) => {
  const [old, fresh] = [stylesOf(document), stylesOf(next)];
  const has = (list, link) => list.some((other) => addressOf(other) === addressOf(link));
  await Promise.all(
    fresh.map((link, at) => {
      if (has(old, link)) return null;
      const added = document.importNode(link, true);
      return new Promise((done) => {
        added.onload = added.onerror = done;
        // Their order counts.
        if (old[at]) old[at].after(added);
        else document.head.append(added);
      });
    }),
  );
  for (const link of old) if (!has(fresh, link)) link.remove();
};

/** What the preview's own pages say about themselves: "every-attempt", "reload". A page of the site says nothing. */
const follows = (page) => page.body.dataset.follows;

const follow = async () => {
  // What waits for another page makes room for it.
  if (follows(document) === "reload") return location.reload();
  const answer = await fetch(location.href, { cache: "no-store" });
  const next = parse(await answer.text());
  // A page that has no such script runs under a policy of its own, and a page that follows otherwise is another page.
  if (!next.querySelector('script[src="/__live/live.js"]') || follows(next) !== follows(document)) return location.reload();
  const focused = document.activeElement?.id;
  await restyle(next);
  document.title = next.title;
  for (const name of ["lang", "dir"]) document.documentElement.setAttribute(name, next.documentElement.getAttribute(name) ?? "");
  document.body.className = next.body.className;
  morphChildren(document.body, next.body, panel.host.isConnected ? panel.host : null);
  // What had the focus may have been made anew.
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
};

/** One thing after another, although saves come faster than answers. */
let turn = Promise.resolve();
const inTurn = (work) => {
  // Whoever stopped the preview knows; the stream of events says so below.
  turn = turn.then(work).catch(() => {});
};

const isOwn = follows(document) !== undefined;
const look = () => inTurn(() => (isOwn ? undefined : panel.refresh()));

// Which attempt and which build this page is of, as its answer said.
const timing = performance.getEntriesByType("navigation")[0]?.serverTiming ?? [];
const shown = Object.fromEntries(timing.map(({ name, description }) => [name, description]));

/** Whether something was saved after this page was made and before it listened. */
const missed = ({ lastEventId }) => {
  const [attempt, build] = lastEventId.split(" ");
  const [of, now] = isOwn ? [shown.attempt, attempt] : [shown.build, build];
  return of !== undefined && of !== now;
};

let seen = false;
let events;
const rest = () => events?.close();
const listen = () => {
  rest();
  events = new EventSource("/__live/events");
  events.addEventListener("state", (event) => {
    // A second "state" means that this page was not listening, or the preview was started again: it may be old.
    if (seen || missed(event)) inTurn(follow);
    seen = true;
    look();
  });
  events.addEventListener("broken", () => {
    // The preview's own pages are new after every attempt, a broken one above all.
    if (isOwn) inTurn(follow);
    look();
  });
  events.addEventListener("rebuilt", () => {
    inTurn(follow);
    look();
  });
  events.addEventListener("error", () => {
    if (!isOwn) panel.stopped();
  });
};

// A browser keeps six connections to one server. A page that nobody sees must not hold one: the seventh would never load.
document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
addEventListener("pagehide", rest);
addEventListener("pageshow", (event) => {
  if (event.persisted) listen();
});
if (!document.hidden) listen();

// Follows rebuilds in the preview: swaps the page's content, keeps the place, the open details and
// the focus. When a build is broken, the last good page stays under a notice. Never part of a
// published site.
(() => {
  "use strict";

  const notice = (told) => {
    const text = told.trim();
    const old = document.getElementById("live-notice");
    if (old) old.remove();
    if (!text) return;
    const box = document.createElement("pre");
    box.id = "live-notice";
    box.setAttribute("role", "status");
    box.textContent = "This is the last good version. Mend this to see the new one:\n\n";
    for (const line of text.split("\n")) {
      // A broken promise has a page that shows how it is broken.
      const [, address, words] = line.match(/^(\/~walk\/\S+) (.*)$/) || [];
      if (address) {
        const link = document.createElement("a");
        link.href = address;
        link.textContent = words;
        link.style.color = "inherit";
        box.append(link, "\n");
      } else box.append(line, "\n");
    }
    box.style.cssText =
      "position:fixed;inset:auto 0 0 0;margin:0;padding:1rem;max-height:40vh;overflow:auto;z-index:9999;" +
      "white-space:pre-wrap;background:#7a1c1c;color:#fff;font:1rem/1.4 ui-monospace,monospace";
    document.body.append(box);
  };

  const follow = async () => {
    // The page that waits for a first build makes room for another page with another policy.
    if (document.body.dataset.follows === "reload") return location.reload();
    const answer = await fetch(location.href, { cache: "no-store" });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A page that holds a checker runs under its own policy and has no such script: load it afresh.
    if (next.querySelector("[data-checker]")) return location.reload();
    const place = [scrollX, scrollY];
    const focused = document.activeElement && document.activeElement.id;
    const open = [...document.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
    const style = (page) => page.querySelector('link[rel="stylesheet"]');
    if (style(document) && style(next) && style(document).getAttribute("href") !== style(next).getAttribute("href")) {
      const fresh = document.importNode(style(next), true);
      await new Promise((done) => {
        fresh.onload = fresh.onerror = done;
        style(document).after(fresh);
      });
      style(document).remove();
    }
    document.title = next.title;
    document.body.replaceWith(document.adoptNode(next.body));
    for (const summary of document.querySelectorAll("details > summary"))
      if (open.includes(summary.textContent)) summary.parentElement.open = true;
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
    scrollTo(...place);
  };

  // A page about proofs is new after every attempt, a broken one above all, and says itself what is broken.
  const everyAttempt = () => "follows" in document.body.dataset;

  const events = new EventSource("/__live/events");
  let seen = false;
  events.addEventListener("state", (event) => {
    // A second "state" means that the preview was started again: what is shown may be old.
    if (seen) follow();
    seen = true;
    notice(everyAttempt() ? "" : event.data);
  });
  events.addEventListener("broken", (event) => (everyAttempt() ? follow() : notice(event.data)));
  events.addEventListener("rebuilt", async (event) => {
    await follow();
    notice("");
  });
})();

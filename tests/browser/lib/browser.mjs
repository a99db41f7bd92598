// A headless Chromium and a watch over everything that a page does.

import { chromium } from "playwright-core";
import { existsSync } from "node:fs";

const NAMES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome-stable", "/usr/bin/google-chrome"];

/** Where the browser is that the tests use. */
export function chromiumPath() {
  const found = process.env.CHROMIUM ?? NAMES.find((name) => existsSync(name));
  if (!found) throw new Error("No Chromium was found. Install it, or name it in the variable CHROMIUM.");
  return found;
}

export async function launch(more = {}) {
  return chromium.launch({
    ...more,
    executablePath: chromiumPath(),
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens a page and watches it from before its first byte.
 * `seen.requests`: every address asked for, as the browser's network layer reports it (this includes
 * WebSocket and WebTransport). `seen.complaints`: console errors, uncaught errors, policy violations.
 */
export async function watchedPage(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(5000);
  const seen = { requests: [], complaints: [] };
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.requestWillBeSent", (event) => seen.requests.push(event.request.url));
  session.on("Network.webSocketCreated", (event) => seen.requests.push(event.url));
  session.on("Network.webTransportCreated", (event) => seen.requests.push(event.url));
  await session.send("Audits.enable");
  session.on("Audits.issueAdded", ({ issue }) => {
    if (issue.code === "ContentSecurityPolicyIssue") {
      seen.complaints.push(`policy: ${JSON.stringify(issue.details.contentSecurityPolicyIssueDetails)}`);
    }
  });
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy|Trusted Type/i.test(message.text())) {
      seen.complaints.push(`console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => seen.complaints.push(`error: ${error.message}`));
  // Network events of this session and requests as the driver sees them must tell the same story.
  seen.alsoRequests = [];
  page.on("request", (request) => seen.alsoRequests.push(request.url()));
  page.on("websocket", (socket) => seen.alsoRequests.push(socket.url()));
  seen.session = session;
  return { page, seen };
}

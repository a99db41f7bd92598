// What nearly every file of browser tests begins with.

import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import { serve } from "./server.mjs";

/** The published site and a browser with a context, from before the first test of a file until after its last. */
export function siteAndBrowser(options = {}) {
  const here = {};
  before(async () => {
    here.server = await serve();
    here.browser = await launch();
    here.context = await here.browser.newContext(options);
  });
  after(async () => {
    await here.browser?.close();
    await here.server?.close();
  });
  return here;
}

// The three pages that are measured: the site's own, and the same page with another script and its data in it.
// What stands around the questionnaire (head, header, list on paper, style sheet) is the same to the byte.

import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loads } from "../../tests/browser/lib/sizes.mjs";
import { read, siteDir } from "../../tests/browser/lib/site.mjs";
import { questionnaire } from "./questionnaire.mjs";
import { surveyForm } from "./surveyjs/form.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
export const PAGE = "check/index.html";

/** A script as it would be published: one file, shortened. */
async function bundle(file) {
  const made = await build({
    entryPoints: [path.join(here, file)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
  });
  return Buffer.from(made.outputFiles[0].contents);
}

/** Puts another script and its data into the page. */
function inhabit(html, data, style) {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const own = loads(html).find((address) => address.endsWith(".js"));
  return html
    .replace(/<script type="text\/plain" id="checker-data">[\s\S]*?<\/script>/, () => `<script type="application/json" id="checker-data">${json}</script>`)
    .replace(`src="${own}"`, 'src="/widget.js"')
    .replace("</head>", () => (style ? '<link rel="stylesheet" href="/widget.css">\n</head>' : "</head>"));
}

/** A site that has nothing but the questionnaire's page. */
function writeSite(folder, html, files, headers = (text) => text) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, "check"), { recursive: true });
  writeFileSync(path.join(folder, PAGE), html);
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
  writeFileSync(path.join(folder, "_headers"), headers(read("_headers")));
  const shared = [...loads(html), ...(html.match(/\/icon-[^"]+\.svg/g) ?? [])].filter((address) => !address.startsWith("/widget."));
  for (const file of [...shared, "/404.html"]) cpSync(path.join(siteDir, file), path.join(folder, file));
  return folder;
}

/**
 * Makes the pages below `folder` and gives { name, folder } for each, ours first.
 * SurveyJS writes HTML and styles into the page, which the site's policy forbids, so its page goes without these two
 * parts of the policy; otherwise it would not start.
 */
export async function peers(folder) {
  const html = read(PAGE);
  const form = questionnaire(html);
  const looser = (text) => text.replaceAll("; require-trusted-types-for 'script'", "").replaceAll("style-src 'self'", "style-src 'self' 'unsafe-inline'");
  const plain = { "widget.js": await bundle("plain/widget.js") };
  const survey = {
    "widget.js": await bundle("surveyjs/widget.js"),
    "widget.css": readFileSync(path.join(here, "node_modules/survey-core/survey-core.fontless.min.css")),
  };
  return [
    { name: "ours", folder: siteDir },
    { name: "plain JavaScript", folder: writeSite(path.join(folder, "plain"), inhabit(html, form), plain) },
    { name: "SurveyJS", folder: writeSite(path.join(folder, "surveyjs"), looser(inhabit(html, surveyForm(form), true)), survey, looser) },
  ];
}

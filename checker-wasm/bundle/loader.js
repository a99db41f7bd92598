// The part of the widget's script that is written by hand. Everything the WASM module may do to the page goes
// through here or through the generated functions listed in imports.txt.
//
// It is one classic script, so it also runs from a file on a stick. It fetches nothing: the module is a string
// at its end. When anything fails, the complete list of questions that the page holds is shown instead.
(() => {
"use strict";
const root = document.querySelector("[data-checker]");
const app = root && root.querySelector(".checker-app");
if (!app) return;

// Once something has gone wrong nothing of the module runs any more.
let dead = false;
function page_failed() {
dead = true;
// Who was in the middle of the questions is told, at the top, that they ended.
app.hidden || root.scrollIntoView();
root.dataset.state = "static";
root.dataset.failed = "";
app.hidden = true;
app.replaceChildren();
}
function guarded(work) {
return (...args) => {
if (dead) return;
try {
return work(...args);
} catch (problem) {
page_failed();
throw problem;
}
};
}
function refuse() {
throw new Error("refused");
}

// The module can make these elements and set these attributes. None of them can name an address.
const TAGS = new Set("div form fieldset legend h2 h3 p span strong ul ol li dl dt dd label input button progress".split(" "));
const ATTRIBUTES = new Set("autocomplete class for hidden id inputmode maxlength max name role spellcheck tabindex type value".split(" "));
function createElement(tag) {
return TAGS.has(tag) ? document.createElement(tag) : refuse();
}
function setAttribute(element, name, value) {
if (!(ATTRIBUTES.has(name) || /^(aria|data)-[a-z]+$/.test(name))) refuse();
element.setAttribute(name, value);
}

function page_data() {
return document.getElementById("checker-data").textContent;
}
function page_place() {
return app;
}
function page_live() {
root.dataset.state = "live";
app.hidden = false;
}
function template(name) {
return [...document.querySelectorAll("template")].find((part) => part.dataset.part === name);
}
// A copy of a part of the page that its template holds; an empty box when the page has no such part.
function page_part(name, style) {
const box = document.createElement("div");
const part = template(name);
if (part) box.append(document.importNode(part.content, true));
box.className = style;
return box;
}
function page_text(name) {
const part = template(name);
const blocks = part ? [...part.content.querySelectorAll("h2, h3, h4, p, li")] : [];
return blocks
.filter((block) => !block.querySelector("p, li"))
.map((block) => (block.localName === "li" ? "- " : "") + block.textContent.trim().replace(/\s+/g, " "))
.join("\n");
}
// The page moves for its reader only when the reader acts: to the heading of a new screen, or to what is wrong.
function page_focus(id, top) {
const place = document.getElementById(id);
if (!place) return;
place.focus({ preventScroll: top });
if (top) app.scrollIntoView();
}
function page_print() {
print();
}
function page_typed(id) {
return document.getElementById(id)?.value ?? "";
}
// A text file, made here, offered as a download. The address names a piece of memory and ends with the page.
function page_save(name, text) {
const link = document.createElement("a");
const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
link.download = name;
link.href = address;
link.click();
setTimeout(() => URL.revokeObjectURL(address), 1000);
}
// The only way the widget leaves the page: to the one address the page names, without an entry to come back to.
function page_leave() {
app.replaceChildren();
location.replace(root.dataset.leave || "about:blank");
}

/* GLUE */

// The four events of the widget. An element names the message that it sends by a number, as data-click="3".
for (const type of ["click", "change", "input", "submit"])
app.addEventListener(type, (event) => {
// A form that nobody catches would write its answers into the address; the page's policy forbids it as well.
if (type === "submit") event.preventDefault();
const number = event.target.dataset[type];
if (wasm && number) wasm.hear(+number);
});
// Leaving, or coming back to a page that the browser has kept, starts empty.
const forget = () => wasm && wasm.clear();
addEventListener("pagehide", forget);
addEventListener("pageshow", (event) => event.persisted && forget());

try {
// One character for each byte; a few bytes have changed places with others, to be shorter to write.
const swaps = "SWAPS";
const byte = (letter) => swaps[letter.charCodeAt()] ?? letter.charCodeAt();
const bytes = Uint8Array.from("MODULE", byte);
WebAssembly.instantiate(bytes, { i: imports }).then(({ instance }) => {
wasm = {};
for (const [name, item] of Object.entries(instance.exports))
wasm[name] = typeof item === "function" ? guarded(item) : item;
wasm.__wbindgen_start();
wasm.start();
}).catch(page_failed);
} catch {
page_failed();
}
})();

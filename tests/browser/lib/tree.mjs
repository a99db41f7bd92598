// A page as a screen reader is given it: the browser's accessibility tree in reading order, a line for each node.

/** States worth a word, and the word for each of their values. */
const STATES = {
  checked: (value) => (value === "true" ? "checked" : value === "mixed" ? "partly checked" : "not checked"),
  disabled: (value) => value && "disabled",
  expanded: (value) => (value ? "expanded" : "collapsed"),
  invalid: (value) => value !== "false" && "invalid",
  required: (value) => value && "required",
  focused: (value) => value && "HAS FOCUS",
  live: (value) => value !== "off" && `spoken (${value})`,
  level: (value) => `level ${value}`,
};

/** Nodes that say nothing by themselves; their children speak. */
const SILENT = new Set(["none", "generic", "InlineTextBox", "RootWebArea", "Section", "paragraph", "listitem", "LayoutTable", "StaticText", "strong", "emphasis", "time", "LineBreak", "ListMarker", "LabelText", "Legend", "term", "definition"]);

/**
 * The tree below the elements that a selector names, as lines of `role "name" (description) [states]`, indented.
 * Plain text stands as it is read.
 */
export async function asText(page, selector = "main") {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("Accessibility.enable");
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const byId = new Map(nodes.map((node) => [node.nodeId, node]));
    const { root } = await session.send("DOM.getDocument", { depth: 0 });
    const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
    const { node: wanted } = await session.send("DOM.describeNode", { nodeId });
    const start = nodes.find((node) => node.backendDOMNodeId === wanted.backendNodeId);
    const lines = [];
    if (start) write(start, 0, byId, lines, null);
    return `${lines.join("\n")}\n`;
  } finally {
    await session.detach();
  }
}

const flat = (text) => (text ?? "").replace(/\s+/g, " ").trim();

function write(node, depth, byId, lines, namedAs) {
  const role = node.role?.value ?? "none";
  const name = flat(node.name?.value);
  const children = (node.childIds ?? []).map((id) => byId.get(id)).filter(Boolean);
  let inside = depth;
  let said = namedAs;
  if (role === "StaticText") {
    // What names the node above was read with it.
    if (name && !namedAs?.includes(name)) lines.push(`${"  ".repeat(depth)}${name}`);
    return;
  }
  if (!node.ignored && !SILENT.has(role)) {
    const states = (node.properties ?? []).map(({ name, value }) => STATES[name]?.(value.value)).filter(Boolean);
    const value = node.value?.value === undefined || role === "radio" || role === "checkbox" ? "" : ` = ${JSON.stringify(flat(String(node.value.value)))}`;
    const description = flat(node.description?.value);
    lines.push(`${"  ".repeat(depth)}${role}${name ? ` "${name}"` : ""}${value}${description ? ` (${description})` : ""}${states.length ? ` [${states.join(", ")}]` : ""}`);
    inside += 1;
    said = name || null;
  }
  for (const child of children) write(child, inside, byId, lines, said);
}

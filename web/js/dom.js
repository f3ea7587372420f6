/** Everything on the page is built by createElement: no text is ever read as markup. */

/** @typedef {Node | string | number | false | null | undefined | Child[]} Child */
/** @typedef {Record<string, unknown>} Props */

/**
 * An element. A property whose name starts with `on` is a listener, `class` and attributes are set as such,
 * `true` is an empty attribute, false and null are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  append(made, children);
  return made;
}

/** @param {Node} parent @param {Child[]} children */
function append(parent, children) {
  for (const child of children) {
    if (child === false || child === null || child === undefined || child === "") continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces what an element holds. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return found;
}

/** Says something to a screen reader. @param {string} text */
export function announce(text) {
  byId("live").textContent = text;
}

let toastUntil = 0;

/** Says something to everybody for a few seconds. @param {string} text */
export function toast(text) {
  const place = byId("toast");
  place.textContent = text;
  place.classList.add("shown");
  toastUntil = Date.now() + 4000;
  setTimeout(() => Date.now() >= toastUntil && place.classList.remove("shown"), 4100);
}

let last = 0;

/** An id no other element of the page has. @param {string} prefix */
export function uid(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

/**
 * A button.
 * @param {string} label @param {(event: Event) => void} onclick @param {Props} [props]
 */
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", onclick, ...props }, label);
}

/**
 * A labelled select; options are [value, label] or a group {group, options}.
 * @typedef {[string, string]} Choice
 * @param {string} label
 * @param {(Choice | {group: string, options: Choice[]})[]} options
 * @param {string} value
 * @param {(value: string) => void} [changed]
 * @param {Props} [props]
 */
export function select(label, options, value, changed, props = {}) {
  const id = uid("select");
  /** @param {Choice} choice */
  const option = ([key, text]) => h("option", { value: key, selected: key === value }, text);
  const made = h(
    "select",
    {
      id,
      onchange: (/** @type {Event} */ event) => changed?.(/** @type {HTMLSelectElement} */ (event.target).value),
      ...props,
    },
    optionsOf(options, option),
  );
  return { field: h("div", { class: "field" }, h("label", { for: id }, label), made), input: made };
}

/**
 * @param {(Choice | {group: string, options: Choice[]})[]} options
 * @param {(choice: Choice) => HTMLElement} option
 */
const optionsOf = (options, option) =>
  options.map((entry) =>
    Array.isArray(entry) ? option(entry) : h("optgroup", { label: entry.group }, entry.options.map(option)),
  );

/**
 * Other options for a select, which keeps its choice where it still can.
 * @param {HTMLSelectElement} box @param {(Choice | {group: string, options: Choice[]})[]} options
 */
export function offer(box, options) {
  const { value } = box;
  fill(
    box,
    optionsOf(options, ([key, text]) => h("option", { value: key }, text)),
  );
  box.value = value;
  if (box.selectedIndex < 0) box.selectedIndex = 0;
}

/**
 * A labelled input.
 * @param {string} label @param {Props} props
 */
export function input(label, props) {
  const id = uid("input");
  const made = h("input", { id, ...props });
  return { field: h("div", { class: "field" }, h("label", { for: id }, label), made), input: made };
}

/** Copies text, and says so. @param {string} text @param {string} said */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    const area = h("textarea", { readonly: true, rows: 4, "aria-label": "Text to copy" });
    area.value = text;
    const dialog = h(
      "dialog",
      { class: "small", "aria-label": "Copy" },
      h("p", {}, "Copy this:"),
      area,
      button("Close", () => dialog.close()),
    );
    dialog.addEventListener("close", () => dialog.remove());
    document.body.appendChild(dialog);
    dialog.showModal();
    area.select();
  }
}

// Elements from calls. What comes from the service is set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const HANDLERS = ["onclick", "onsubmit", "oninput", "onchange", "onkeydown", "onscroll", "onpointermove", "onpointerleave"];

function build(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

/** h("td", { class: "n" }, "text", element, …) */
export const h = (tag, props, ...children) => build(document.createElement(tag), props, children);

/** The same for SVG. */
export const g = (tag, props, ...children) => build(document.createElementNS(SVG, tag), props, children);

/** Makes `old` what `now` is, touching only what differs: focus, selection and scrolling stay. */
export function morph(old, now) {
  if (old.nodeType !== now.nodeType || old.nodeName !== now.nodeName || keyOf(old) !== keyOf(now)) {
    old.replaceWith(now);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== now.data) old.data = now.data;
    return;
  }
  if (now.hasAttribute("data-keep") && old.hasAttribute("data-keep")) return;
  morphAttributes(old, now);
  for (const handler of HANDLERS) if (old[handler] !== now[handler]) old[handler] = now[handler];
  morphChildren(old, [...now.childNodes]);
}

const keyOf = node => node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;

function morphAttributes(old, now) {
  for (const { name } of [...old.attributes]) {
    const isUsers = name === "open" && (old.nodeName === "DETAILS" || old.nodeName === "DIALOG");
    if (!now.hasAttribute(name) && !isUsers) old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/** Children with a data-key are found by it wherever they were. */
export function morphChildren(parent, wanted) {
  const keyed = new Map([...parent.children].filter(keyOf).map(child => [keyOf(child), child]));
  let at = parent.firstChild;
  for (const now of wanted) {
    const key = keyOf(now);
    const old = key ? keyed.get(key) : at;
    if (old && !(key === null && keyOf(old))) {
      if (old === at) at = at.nextSibling;
      else parent.insertBefore(old, at);
      morph(old, now);
    } else {
      parent.insertBefore(now, at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

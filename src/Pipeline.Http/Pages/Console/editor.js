// A text with numbered lines, and what is wrong with each said behind it.

import { h } from "./dom.js";

/** { element, value(), show(errors), go(line, column) } */
export function editor(label, text, onChange) {
  const numbers = h("div", { class: "numbers", "aria-hidden": "true" });
  const behind = h("pre", { class: "behind", "aria-hidden": "true" });
  const area = h("textarea", { "aria-label": label, spellcheck: "false", autocomplete: "off", autocapitalize: "off",
    wrap: "off", rows: "24" });
  let errors = [];
  area.value = text;

  const draw = () => {
    const lines = area.value.split("\n");
    const wrong = Map.groupBy(errors, error => error.line);
    numbers.replaceChildren(...lines.map((_, i) =>
      h("div", { class: wrong.has(i + 1) ? "wrong" : null }, wrong.has(i + 1) ? `✕ ${i + 1}` : `${i + 1}`)));
    behind.replaceChildren(...lines.flatMap((line, i) => [h("span", { class: wrong.has(i + 1) ? "wrong" : null }, line || " ",
      wrong.has(i + 1) ? h("span", { class: "said" }, `   ${wrong.get(i + 1).map(one => one.reason).join("; ")}`) : null),
    "\n"]));
    area.setAttribute("aria-invalid", String(errors.length > 0));
    follow();
  };
  const follow = () => {
    behind.scrollTop = numbers.scrollTop = area.scrollTop;
    behind.scrollLeft = area.scrollLeft;
  };
  area.oninput = () => {
    errors = [];
    draw();
    onChange?.();
  };
  area.onscroll = follow;
  draw();
  return {
    element: h("div", { class: "editor" }, numbers, h("div", { class: "texts" }, behind, area)),
    value: () => area.value,
    show: found => {
      errors = found;
      draw();
    },
    go: (line, column) => {
      const at = area.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(at + Math.max(0, column - 1), at + Math.max(0, column - 1));
      area.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(area).lineHeight));
    },
  };
}

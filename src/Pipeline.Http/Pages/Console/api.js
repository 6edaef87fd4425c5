// Calls of the service's own interface. The key, where one is needed, is kept for this tab alone and goes nowhere but
// into the Authorization header.

const KEY = "pipeline.key";

export const key = () => sessionStorage.getItem(KEY);

export function setKey(value) {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
}

export const path = (strings, ...values) =>
  strings.reduce((text, part, i) => text + encodeURIComponent(values[i - 1]) + part);

export function headersOf(more) {
  const known = key();
  return { ...(known ? { Authorization: `Bearer ${known}` } : {}), ...more };
}

/** One call: { status, ok, data, problem, headers }; status 0 where the service does not answer. */
export async function call(method, target, { body, headers, signal } = {}) {
  try {
    const answer = await fetch(target, { method, body, headers: headersOf(headers), cache: "no-store", signal });
    const text = await answer.text();
    const data = parse(text, answer.headers.get("Content-Type") ?? "");
    const isProblem = !answer.ok && typeof data?.detail === "string" && typeof data.type === "string";
    return {
      status: answer.status,
      ok: answer.ok,
      data,
      problem: answer.ok ? null : isProblem ? data : { title: `${answer.status}`, detail: text.slice(0, 300) },
      headers: answer.headers,
    };
  } catch (fault) {
    if (fault.name === "AbortError") throw fault;
    const problem = { title: "No answer", detail: "The service does not answer." };
    return { status: 0, ok: false, data: null, problem, headers: new Headers() };
  }
}

function parse(text, type) {
  if (!type.includes("json") || type.includes("ndjson")) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The command that makes the same call. */
export function curl(method, target) {
  const how = method === "GET" ? "" : ` -X ${method}`;
  const who = key() ? ' -H "Authorization: Bearer $PIPELINE_KEY"' : "";
  return `curl${how}${who} '${location.origin}${target.replaceAll("'", "%27")}'`;
}

let known = null;

/**
 * Whether an operation is built: the service's API document has it and does not say 501 for it. With a parameter:
 * whether that is known too.
 */
export async function loadOperations() {
  const answer = await call("GET", "/openapi/v1.json");
  if (answer.ok && answer.data?.paths) known = answer.data.paths;
  return known !== null;
}

export function isBuilt(method, template, parameter) {
  const operation = known?.[template]?.[method.toLowerCase()];
  if (!operation || operation.responses?.["501"]) return false;
  return !parameter || (operation.parameters ?? []).some(one => one.name === parameter);
}

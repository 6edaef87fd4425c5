// The lines of a definition that are about one stage or sink.

/** Null where they cannot be told from the rest. */
export function textOf({ definition, mediaType }, name) {
  return mediaType === "application/json" ? ofJson(definition, name) : ofYaml(definition, name);
}

function ofJson(definition, name) {
  try {
    const all = JSON.parse(definition);
    const found = all.stages?.[name] ?? all.sinks?.[name];
    return !found ? null : typeof found.query === "string" ? found.query : JSON.stringify(found, null, 2);
  } catch {
    return null;
  }
}

/** From the name to the next line that stands no further in. */
function ofYaml(definition, name) {
  const lines = definition.split("\n");
  const plain = name.replace(/\.(exchange|sink)$/, "").replace(/(\.join)?(\.from\..*)?$/, "").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const head = new RegExp(`^(\\s+)["']?${plain}["']?\\s*:`);
  let isInside = false;
  const first = lines.findIndex(line => {
    if (/^\S/.test(line) && !line.startsWith("#")) isInside = /^(stages|sinks)\s*:/.test(line);
    return isInside && head.test(line);
  });
  if (first < 0) return null;
  const indent = head.exec(lines[first])[1].length;
  let last = first + 1;
  while (last < lines.length && (lines[last].trim() === "" || /^\s*/.exec(lines[last])[0].length > indent)) last++;
  return lines.slice(first, last).map(line => line.slice(indent)).join("\n").trimEnd();
}

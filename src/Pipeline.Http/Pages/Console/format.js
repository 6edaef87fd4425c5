// Numbers, sizes and times as people read them.

const SI = ["", "k", "M", "G", "T"];
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const NONE = "–";

const isMissing = value => value === null || value === undefined || Number.isNaN(value);

/** 1,234,567 */
export const count = value => isMissing(value) ? NONE : Math.round(value).toLocaleString("en");

/** 1.23M */
export function short(value) {
  if (isMissing(value)) return NONE;
  let unit = 0;
  let rest = Math.abs(value);
  while (rest >= 999.5 && unit < SI.length - 1) {
    rest /= 1000;
    unit++;
  }
  const digits = rest === 0 || rest >= 100 || (unit === 0 && Number.isInteger(rest)) ? 0 : rest >= 10 ? 1 : 2;
  return (value < 0 ? "-" : "") + rest.toFixed(digits) + SI[unit];
}

export const perSecond = value => isMissing(value) ? NONE : `${short(value > 0 && value < 0.01 ? 0.01 : value)}/s`;

export function bytes(value) {
  if (isMissing(value)) return NONE;
  let unit = 0;
  let rest = value;
  while (rest >= 1000 && unit < BINARY.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 || rest >= 100 ? rest.toFixed(0) : rest.toFixed(1)} ${BINARY[unit]}`;
}

export const bytesPerSecond = value => isMissing(value) ? NONE : `${bytes(value)}/s`;

/** Seconds as 850 µs, 12 ms, 3.4 s, 5 min, 3 h, 2 d. */
export function seconds(value) {
  if (isMissing(value)) return NONE;
  if (value === 0) return "0 s";
  if (value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  if (value < 1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  if (value < 60) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  if (value < 3600) return `${Math.floor(value / 60)} min`;
  if (value < 172800) return `${Math.floor(value / 3600)} h`;
  return `${Math.floor(value / 86400)} d`;
}

/** 2026-01-02 03:04:05 UTC, without the fraction. */
export const time = iso => iso ? iso.slice(0, 19).replace("T", " ") : NONE;

/** How long ago, by this machine's clock. */
export const age = iso => iso ? seconds(Math.max(0, Math.round((Date.now() - Date.parse(iso)) / 1000))) : NONE;

export const ago = iso => iso ? `${age(iso)} ago` : NONE;

export const plural = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

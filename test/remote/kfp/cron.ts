/** Cron expressions as KFP takes them. Source: `Parse` of github.com/robfig/cron v1.2.0, which backend/src/apiserver/server/api_converter.go calls. */

interface Field {
  lowest: number;
  highest: number;
  names?: readonly string[];
  /** The number of the first name. */
  first?: number;
}

/** Seconds come first. The day of the week may be left out. */
const fields: readonly Field[] = [
  { lowest: 0, highest: 59 },
  { lowest: 0, highest: 59 },
  { lowest: 0, highest: 23 },
  { lowest: 1, highest: 31 },
  { lowest: 1, highest: 12, names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], first: 1 },
  { lowest: 0, highest: 6, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], first: 0 },
];

const descriptors: ReadonlySet<string> = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);

/** Why an expression is no schedule; undefined for one that is. */
export function cronProblem(expression: string): string | undefined {
  if (expression === "") return "Empty spec string";
  if (expression.startsWith("@every ")) return /^@every [-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(expression) ? undefined : `Failed to parse duration ${expression}`;
  if (expression.startsWith("@")) return descriptors.has(expression) ? undefined : `Unrecognized descriptor: ${expression}`;
  const words = expression.split(/\s+/).filter((word) => word !== "");
  if (words.length !== 5 && words.length !== 6) return `Expected 5 to 6 fields, found ${words.length}: ${expression}`;
  return words.flatMap((word, index) => word.split(",").filter((part) => part !== "").map((part) => rangeProblem(part, fields[index] ?? { lowest: 0, highest: 0 }))).find((problem) => problem !== undefined);
}

function rangeProblem(text: string, { lowest, highest, names = [], first = 0 }: Field): string | undefined {
  const [range = "", step, ...moreSteps] = text.split("/");
  const [from = "", to, ...more] = range.split("-");
  const numberOf = (word: string): number | string => (names.includes(word.toLowerCase()) ? names.indexOf(word.toLowerCase()) + first : plainNumber(word));
  const isAny = from === "*" || from === "?";
  const start = isAny ? lowest : numberOf(from);
  if (typeof start === "string") return start;
  if (!isAny && more.length > 0) return `Too many hyphens: ${text}`;
  const stated = isAny ? highest : to === undefined ? start : numberOf(to);
  if (typeof stated === "string") return stated;
  if (moreSteps.length > 0) return `Too many slashes: ${text}`;
  const every = step === undefined ? 1 : plainNumber(step);
  if (typeof every === "string") return every;
  // "N/step" means "N-highest/step".
  const end = step !== undefined && to === undefined ? highest : stated;
  if (start < lowest) return `Beginning of range (${start}) below minimum (${lowest}): ${text}`;
  if (end > highest) return `End of range (${end}) above maximum (${highest}): ${text}`;
  if (start > end) return `Beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return every === 0 ? `Step of range should be a positive number: ${text}` : undefined;
}

/** A number, or why the word is none. */
function plainNumber(word: string): number | string {
  if (!/^[-+]?\d+$/.test(word)) return `Failed to parse int from ${word}: strconv.Atoi: parsing "${word}": invalid syntax`;
  return Number(word) < 0 ? `Negative number (${Number(word)}) not allowed: ${word}` : Number(word);
}

/** The variables that tags and expressions read: names with dots, such as `tasks.a.outputs.parameters.x`. */
import type { Artifact } from "./types.ts";

/** A text, an artifact, or null for the output of a skipped task that has no default. */
export type Variable = string | Artifact | null;

/** Variables, some of which lie in other sets below. */
export class Variables {
  readonly #own = new Map<string, Variable>();
  /** Names of outputs of skipped tasks. */
  readonly #absent = new Set<string>();
  readonly #below: readonly Variables[];

  /** @param below sets whose variables are seen where this one has none of the name, the first ones before the later ones */
  constructor(...below: Variables[]) {
    this.#below = below;
  }

  set(name: string, value: Variable): void {
    this.#own.set(name, value);
    this.#absent.delete(name);
  }

  /** The output of a skipped task, which gave nothing and has no default. */
  setAbsent(name: string): void {
    this.#own.set(name, null);
    this.#absent.add(name);
  }

  /** The value of a name: undefined where there is none. */
  get(name: string): Variable | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own;
    for (const below of this.#below) {
      const value = below.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  isAbsent(name: string): boolean {
    if (this.#own.has(name)) return this.#absent.has(name);
    return this.#below.find((below) => below.get(name) !== undefined)?.isAbsent(name) ?? false;
  }

  /** All variables. */
  all(): Map<string, Variable> {
    const all = new Map<string, Variable>();
    for (const below of this.#below.toReversed()) for (const [name, value] of below.all()) all.set(name, value);
    for (const [name, value] of this.#own) all.set(name, value);
    return all;
  }

  /** All but artifacts: what tags and the expressions in them see. */
  texts(): Map<string, string | null> {
    const texts = new Map<string, string | null>();
    for (const [name, value] of this.all()) if (value === null || typeof value === "string") texts.set(name, value);
    return texts;
  }
}

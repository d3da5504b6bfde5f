/** The variables that tags and expressions read: names with dots, such as `tasks.a.outputs.parameters.x`. */
import type { Artifact } from "./types.ts";

/** A text, an artifact, or null for the output of a skipped task that has no default. */
export type Variable = string | Artifact | null;

/** Variables of many members, such as the tasks before a task, each made when it is asked for. */
export interface Members {
  /** What their names begin with: `tasks`. */
  readonly prefix: string;
  readonly names: () => readonly string[];
  /** The variables of a member, by whole names; undefined where there is no such member. */
  readonly of: (name: string) => Variables | undefined;
}

/** Which variables are asked for, where not all are. */
export interface Wanted {
  /** First parts of their names. */
  readonly roots?: ReadonlySet<string> | undefined;
  /** Members, such as tasks. */
  readonly members?: ReadonlySet<string> | undefined;
}

/** Variables, some of which lie in other sets below. */
export class Variables {
  readonly #own = new Map<string, Variable>();
  /** Names of outputs of skipped tasks. */
  readonly #absent = new Set<string>();
  readonly #below: readonly Variables[];
  #members: Members | undefined;
  /** The own names by their first parts, made when it is asked for. */
  #byRoot: Map<string, string[]> | undefined;

  /** @param below sets whose variables are seen where this one has none of the name, the first ones before the later ones */
  constructor(...below: Variables[]) {
    this.#below = below;
  }

  set(name: string, value: Variable): void {
    this.#own.set(name, value);
    this.#absent.delete(name);
    this.#byRoot = undefined;
  }

  /** The output of a skipped task, which gave nothing and has no default. */
  setAbsent(name: string): void {
    this.#own.set(name, null);
    this.#absent.add(name);
    this.#byRoot = undefined;
  }

  setMembers(members: Members): void {
    this.#members = members;
  }

  /** The value of a name: undefined where there is none. */
  get(name: string): Variable | undefined {
    return this.#whereIs(name)?.get(name);
  }

  isAbsent(name: string): boolean {
    return this.#whereIs(name)?.isAbsent(name) ?? false;
  }

  #whereIs(name: string): { get(name: string): Variable | undefined; isAbsent(name: string): boolean } | undefined {
    if (this.#own.has(name)) return { get: () => this.#own.get(name), isAbsent: () => this.#absent.has(name) };
    const member = this.#memberOf(name);
    if (member?.get(name) !== undefined) return member;
    return this.#below.find((below) => below.get(name) !== undefined);
  }

  #memberOf(name: string): Variables | undefined {
    if (!this.#members || !name.startsWith(`${this.#members.prefix}.`)) return undefined;
    const [, member = ""] = name.split(".", 2);
    return this.#members.of(member);
  }

  /** What the names of members begin with, where there are any. */
  memberGroup(): string | undefined {
    if (this.#members && this.#members.names().length > 0) return this.#members.prefix;
    return this.#below.map((below) => below.memberGroup()).find((group) => group !== undefined);
  }

  /** All variables, or those that are wanted. */
  all(wanted: Wanted = {}): Map<string, Variable> {
    const all = new Map<string, Variable>();
    this.#addTo(all, wanted);
    return all;
  }

  #addTo(all: Map<string, Variable>, wanted: Wanted): void {
    for (const below of this.#below.toReversed()) below.#addTo(all, wanted);
    if (this.#members && (wanted.roots?.has(this.#members.prefix) ?? true)) {
      for (const member of wanted.members ?? this.#members.names()) for (const [name, value] of this.#members.of(member)?.all() ?? []) all.set(name, value);
    }
    for (const name of this.#names(wanted.roots)) all.set(name, this.#own.get(name) as Variable);
  }

  #names(roots: ReadonlySet<string> | undefined): Iterable<string> {
    if (!roots) return this.#own.keys();
    if (!this.#byRoot) {
      this.#byRoot = new Map();
      for (const name of this.#own.keys()) {
        const root = name.split(".", 1)[0] as string;
        const names = this.#byRoot.get(root);
        if (names) names.push(name);
        else this.#byRoot.set(root, [name]);
      }
    }
    return [...roots].flatMap((root) => this.#byRoot?.get(root) ?? []);
  }
}

/** A terminal as far as the view of runs uses one: it wraps lines at its width, and knows "up n lines" and "clear to the end". */
import stringWidth from "string-width";

export class Screen {
  readonly #rows: string[] = [""];
  #row = 0;

  constructor(readonly width: number) {}

  write(text: string): void {
    for (const [part, up, color] of text.matchAll(/\x1b\[(\d+)A|\x1b\[0J|(\x1b\[[\d;]*m)|[\s\S]/gu)) {
      if (color !== undefined) continue;
      if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
      else if (part === "\x1b[0J") this.#rows.splice(this.#row, this.#rows.length, "");
      else if (part === "\n") this.#newLine();
      else this.#put(part);
    }
  }

  #put(character: string): void {
    if (stringWidth((this.#rows[this.#row] ?? "") + character) > this.width) this.#newLine();
    this.#rows[this.#row] = (this.#rows[this.#row] ?? "") + character;
  }

  #newLine(): void {
    this.#row++;
    this.#rows[this.#row] ??= "";
  }

  /** The lines that are to be seen. */
  lines(): string[] {
    return this.#rows.slice(0, this.#rows.at(-1) === "" ? -1 : undefined);
  }
}

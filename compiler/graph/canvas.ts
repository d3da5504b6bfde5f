/** A sheet of characters on which boxes and lines are drawn. */

const up = 1;
const down = 2;
const left = 4;
const right = 8;

/** By the directions in which a line leaves the cell. */
const solid = " ││││┘┐┤│└┌├─┴┬┼".split("");
solid[left] = "─";
solid[right] = "─";
const dashed: Record<number, string> = { [up]: "┊", [down]: "┊", [up | down]: "┊", [left]: "┈", [right]: "┈", [left | right]: "┈" };

interface Cell {
  text?: string;
  directions: number;
  /** Which line runs here; lines of one owner join, others cross. */
  owner?: number;
  isDashed: boolean;
}

export class Canvas {
  #rows: Cell[][] = [];

  #cell(x: number, y: number): Cell {
    while (this.#rows.length <= y) this.#rows.push([]);
    const row = this.#rows[y] ?? [];
    while (row.length <= x) row.push({ directions: 0, isDashed: false });
    return row[x] ?? { directions: 0, isDashed: false };
  }

  /** Writes a line of text over whatever is there. */
  text(x: number, y: number, text: string): void {
    for (const [index, character] of [...text].entries()) this.#cell(x + index, y).text = character;
  }

  /** A line between two points of one column or of one row; both ends belong to it. */
  line(owner: number, isDashed: boolean, from: { x: number; y: number }, to: { x: number; y: number }): void {
    if (from.x === to.x) {
      const [top, bottom] = from.y < to.y ? [from.y, to.y] : [to.y, from.y];
      for (let y = top; y <= bottom; y++) this.#join(from.x, y, owner, isDashed, (y > top ? up : 0) | (y < bottom ? down : 0));
    } else {
      const [start, end] = from.x < to.x ? [from.x, to.x] : [to.x, from.x];
      for (let x = start; x <= end; x++) this.#join(x, from.y, owner, isDashed, (x > start ? left : 0) | (x < end ? right : 0));
    }
  }

  #join(x: number, y: number, owner: number, isDashed: boolean, directions: number): void {
    const cell = this.#cell(x, y);
    if (cell.owner === undefined || cell.owner === owner || cell.directions === 0) {
      cell.owner = owner;
      cell.directions |= directions;
      cell.isDashed = isDashed;
    } else if ((directions & (left | right)) === 0 && (cell.directions & (up | down)) === 0) {
      // A crossing: the vertical line runs over the other one.
      cell.owner = owner;
      cell.directions = directions;
      cell.isDashed = isDashed;
    } else if ((cell.directions & (left | right)) !== 0 || (directions & (up | down)) !== 0) cell.directions |= directions;
  }

  /** The rows, without blanks at their ends. */
  lines(): string[] {
    return this.#rows.map((row) => row.map(characterOf).join("").trimEnd());
  }
}

function characterOf({ text, directions, isDashed }: Cell): string {
  if (text !== undefined) return text;
  return (isDashed ? dashed[directions] : undefined) ?? solid[directions] ?? " ";
}

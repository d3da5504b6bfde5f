/** The first of `name`, `name2`, `name3` … that a text does not have as a word. */
export function freeName(text: string, name: string): string {
  let free = name;
  for (let count = 2; new RegExp(`\\b${free}\\b`).test(text); count++) free = `${name}${count}`;
  return free;
}

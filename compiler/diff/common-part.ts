/**
 * Which part of the longer of two lists the other has, too, from 0 to 1; a text counts as often as it stands in both.
 *
 * @param ofNothing what two empty lists have in common
 */
export function commonPart(before: readonly string[], after: readonly string[], ofNothing: number): number {
  if (before.length === 0 && after.length === 0) return ofNothing;
  const left = [...after];
  let common = 0;
  for (const one of before) {
    const index = left.indexOf(one);
    if (index < 0) continue;
    left.splice(index, 1);
    common += 1;
  }
  return common / Math.max(before.length, after.length);
}

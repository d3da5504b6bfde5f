/** Which arm of one branch is which of another. */
import { tasksOf } from "../ir/traverse.ts";
import type { Arm, Branch } from "../ir/types.ts";

/**
 * Which arm of the second branch each arm of the first is, by number: those of the same condition, then those with the same tasks, then in order.
 * The arms without a condition are each other's.
 */
export function matchArms(from: Branch, to: Branch, isSameCondition: (from: Arm, to: Arm) => boolean, isSameTask: (from: string, to: string) => boolean): (number | undefined)[] {
  const found: (number | undefined)[] = from.arms.map(() => undefined);
  const isOpen = (index: number, arm: Arm | undefined): boolean => found[index] === undefined && arm !== undefined;
  const take = (accept: (first: Arm, second: Arm) => boolean): void => {
    from.arms.forEach((first, index) => {
      if (!isOpen(index, first)) return;
      const other = to.arms.findIndex((second, place) => !found.includes(place) && (first.condition === undefined) === (second.condition === undefined) && accept(first, second));
      if (other >= 0) found[index] = other;
    });
  };
  take((first, second) => first.condition === undefined || isSameCondition(first, second));
  take((first, second) => [...tasksOf(first.block)].some(({ id }) => [...tasksOf(second.block)].some((other) => isSameTask(id, other.id))));
  if (from.arms.length === to.arms.length) take(() => true);
  return found;
}

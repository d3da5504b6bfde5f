/** Cases of control flow that `kfp.local` cannot confirm, by pipeline or by title. */

export interface KfpReason {
  why: string;
  /** What is in its log, or in that of the compiler, so that a mended kfp.local is noticed. */
  says: RegExp;
}

const refused: KfpReason = { why: "KFP cannot do it, and the compiler says so", says: /^HMC40\d\d$/ };
const emptyLoop: KfpReason = { why: "it has no outputs of a loop over an empty list, which the back end has", says: /but task 'for-loop-1' not found/ };
const leftOut: KfpReason = { why: "it cannot leave out a value, which the back end can", says: /Unknown value type|real number, not 'NoneType'/ };
const itemCondition: KfpReason = { why: "it reads the whole list in a condition on the item of a loop", says: /real number, not 'list'/ };
const itemEverywhere: KfpReason = { why: "it gives the item of the inner loop to every input of its body that is an output of a task (kfp-oracle, bug 2)", says: /"y": 120/ };

export const kfpReasons: Readonly<Record<string, KfpReason>> = {
  ranges: refused,
  caught: refused,
  turns: refused,
  'lists {"n":0}': emptyLoop,
  'nestedLoops {"n":0}': emptyLoop,
  'loopBranch {"n":0}': emptyLoop,
  'calledInLoop {"n":0}': emptyLoop,
  'absent {"x":1}': leftOut,
  "fallback {}": leftOut,
  'loopBranch {"n":4}': itemCondition,
  'nestedLoops {"n":2}': itemEverywhere,
};

/** The time of the target grows with the number of tasks, not with its square. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Node } from "../../compiler/ir/types.ts";
import { emitKfp } from "../../compiler/targets/kfp/index.ts";
import { constant, document, given, op, options, output, pipeline, task, text } from "./documents.ts";

const step = op("step", { text: given(text) });

const shapes: Record<string, (index: number) => Node> = {
  "a line": (index) => task(`step-${index}`, "step", { text: index === 0 ? constant("x") : output(`step-${index - 1}`) }),
  "a star": (index) => task(`step-${index}`, "step", { text: index === 0 ? constant("x") : output("step-0") }, { after: index === 0 ? [] : ["step-0"] }),
};

for (const [name, nodeAt] of Object.entries(shapes)) {
  test(`four times the tasks of ${name} take about four times as long`, () => {
    const cpu = (count: number): number => {
      const of = document([step], pipeline("p", Array.from({ length: count }, (_, index) => nodeAt(index))));
      const best = [0, 1, 2].map(() => {
        const before = process.cpuUsage();
        emitKfp(of, "p", options);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...best);
    };
    cpu(500);
    const [small, large] = [cpu(1000), cpu(4000)];
    assert.ok(large < 9 * small, `1000 tasks: ${small} µs, 4000 tasks: ${large} µs`);
  });
}

test.run();

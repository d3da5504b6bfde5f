/** The same chain of container tasks in TypeScript and in Python. */

/** @param {number} tasks how many, each reads the output of the one before it */
export function linearTypeScript(tasks) {
  const calls = Array.from({ length: tasks }, (_, index) => `  const t${index} = step({ text: ${index === 0 ? '"start"' : `t${index - 1}.result`} });`);
  return `import { container, fileOf, pipeline } from "hmc";

const step = container({ image: "example.com/step:1.0" }, (input: { text: string }, out: { result: string }) => ({
  command: ["step"],
  args: [input.text, fileOf(out.result)],
}));

export const chain = pipeline(() => {
${calls.join("\n")}
});
`;
}

/** @param {number} tasks */
export function linearPython(tasks) {
  const calls = Array.from({ length: tasks }, (_, index) => `    t${index} = step(text=${index === 0 ? '"start"' : `t${index - 1}.outputs["result"]`})`);
  return `from kfp import dsl


@dsl.container_component
def step(text: str, result: dsl.OutputPath(str)):
    return dsl.ContainerSpec(image="example.com/step:1.0", command=["step"], args=[text, result])


@dsl.pipeline(name="chain")
def chain():
${calls.join("\n")}
`;
}

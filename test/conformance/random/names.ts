/** The id that the compiler gives to a pipeline: kebab-case of its name. */
export function pipelineId(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

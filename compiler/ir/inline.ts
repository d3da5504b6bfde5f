/** Ops whose code is carried in the compiled file, so that any image with Node runs them. */
import type { TaskOptions } from "./types.ts";

/** The image of ops whose code is carried and that name none. */
export const nodeImage = "node:24-slim";

/** Images of Node itself, in which no bundle can be: from Docker's library, by any of its names. */
const officialNode = /^(?:(?:index\.)?docker\.io\/)?(?:library\/)?node(?:[:@]|$)/;

/** The options of an op, where `inline` stands only if its code is carried: because they say so, or because the image is one of Node itself. */
export function withInline({ inline, ...options }: TaskOptions): TaskOptions {
  if (inline !== true && (inline === false || typeof options.image !== "string" || !officialNode.test(options.image))) return options;
  return { ...options, image: options.image ?? nodeImage, inline: true };
}

/** The Dockerfile of an image of ops, and what of its folder may go into it. */

/** The image that others are built on, where the user names none. */
export const defaultBase = "node:24.11.1-slim";

export interface ImageFiles {
  base: string;
  /** The files beside the bundle that it reads, such as WASM. */
  beside: readonly string[];
  /** Packages with native code are installed in the image, for its platform. */
  hasPackages: boolean;
}

/**
 * A Dockerfile of two stages: the first installs what holds native code, and starts the bundle once, so that an image whose ops cannot be loaded is not made; the second
 * has only what runs, and a user without rights.
 */
export function dockerfile({ base, beside, hasPackages }: ImageFiles): string {
  const files = ["main.mjs", "ops.json", ...beside].join(" ");
  return `# Written by hmc build. It is written anew by the next one.
FROM ${base} AS build
WORKDIR /app
${hasPackages ? "COPY package.json ./\nRUN npm install --omit=dev --no-audit --no-fund --no-package-lock\n" : ""}COPY ${files} ./
RUN node main.mjs list

FROM ${base}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app ./
USER node
ENTRYPOINT ["node", "/app/main.mjs"]
`;
}

/** Nothing but what the Dockerfile copies. */
export function dockerignore({ beside, hasPackages }: ImageFiles): string {
  return ["*", "!main.mjs", "!ops.json", ...(hasPackages ? ["!package.json"] : []), ...beside.map((file) => `!${file}`)].map((line) => `${line}\n`).join("");
}

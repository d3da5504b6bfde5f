/** The page of a code of hmc, relative to the root of the package; undefined for codes of TypeScript. */
export function docsPath(code: string): string | undefined {
  return /^HMC\d{4}$/.test(code) ? `docs/errors/${code}.md` : undefined;
}

/**
 * A broken invariant of the compiler: never the user's mistake. The command line prints it with the versions
 * and where to report it.
 */
export class Bug extends Error {
  override name = "Bug";
}

/** Stops because an invariant of the compiler is broken. */
export function bug(what: string): never {
  throw new Bug(what);
}

/** One entry of the registry. */
export interface Code<P> {
  severity: "error" | "warning" | "info";
  /** A few words: the title of the docs page. */
  title: string;
  /** A full sentence that states the fact, names the thing in quotes, and says what to do. */
  message: (parameters: P) => string;
}

/** Declares a code; the parameters of the message are typed by its own signature. */
export function code<P>(severity: Code<P>["severity"], title: string, message: (parameters: P) => string): Code<P> {
  return { severity, title, message };
}

/** The commands of hmc, in the order of the help. */
export const commandNames = ["compile", "check", "run", "op", "list", "explain", "graph", "simulate", "bundle", "import"] as const;

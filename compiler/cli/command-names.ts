/** The commands of hmc, in the order of the help. */
export const commandNames = ["compile", "check", "run", "plan", "cache", "op", "list", "explain", "graph", "simulate", "bundle", "import", "lsp"] as const;

/** The commands of hmc, in the order of the help. */
export const commandNames = ["compile", "check", "run", "plan", "runs", "deploy", "upload", "rollback", "prune", "logs", "artifacts", "cache", "op", "list", "explain", "graph", "diff", "simulate", "bundle", "build", "import", "lsp"] as const;

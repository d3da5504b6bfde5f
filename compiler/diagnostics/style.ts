/** Colours of a terminal. */

export type Role = "error" | "warning" | "info" | "strong" | "dim" | "add";

export type Style = (role: Role, text: string) => string;

const sequences: Record<Role, string> = { error: "1;31", warning: "1;33", info: "1;36", strong: "1", dim: "2", add: "32" };

export const coloured: Style = (role, text) => `\u001B[${sequences[role]}m${text}\u001B[0m`;

export const plain: Style = (_role, text) => text;

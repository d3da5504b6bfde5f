/** What the extension and its panel tell each other. */

/** The picture, and the id of what the cursor is in; or that there is no pipeline. */
export type ExtensionMessage = { kind: "graph"; pipeline: string; svg: string; current?: string } | { kind: "none" };

/** The panel can be told; or a box was clicked, by the id of its task or group. */
export type PanelMessage = { kind: "ready" } | { kind: "reveal"; id: string };

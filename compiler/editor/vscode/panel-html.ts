/** The page of the panel. It loads nothing but its own script. */

/**
 * @param script the text of the bundled `panel.ts`
 * @param nonce a random text, new for each page
 */
export function panelHtml(script: string, nonce: string): string {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>hmc</title>
<style>
html, body { margin: 0; height: 100%; overflow: hidden; background: var(--vscode-editor-background, #ffffff); color: var(--vscode-editor-foreground, #1f2328); font: 13px var(--vscode-font-family, sans-serif); }
body { --hmc-fg: var(--vscode-editor-foreground, #1f2328); --hmc-line: var(--vscode-descriptionForeground, #8c959f); --hmc-node: var(--vscode-editorWidget-background, #ffffff); --hmc-accent: var(--vscode-focusBorder, #0969da); --hmc-group: color-mix(in srgb, var(--hmc-line) 10%, transparent); }
#view { position: absolute; inset: 0; overflow: hidden; cursor: grab; touch-action: none; }
#view.moving { cursor: grabbing; }
#picture { transform-origin: 0 0; position: absolute; }
#picture [data-id] { cursor: pointer; }
#picture [data-id]:focus { outline: none; }
#picture .hmc-node:hover > .hmc-box, #picture .hmc-node:focus > .hmc-box { stroke: var(--hmc-accent); }
#title { position: absolute; left: 12px; bottom: 8px; opacity: 0.7; pointer-events: none; }
#empty { position: absolute; inset: 0; display: grid; place-content: center; opacity: 0.7; text-align: center; padding: 0 24px; }
[hidden] { display: none !important; }
</style>
</head>
<body>
<div id="view"><div id="picture"></div></div>
<div id="title"></div>
<p id="empty">There is no pipeline here. Put the cursor into one.</p>
<script nonce="${nonce}">${script.replaceAll("</script", "<\\/script")}</script>
</body>
</html>
`;
}

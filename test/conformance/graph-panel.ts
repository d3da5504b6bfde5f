/** The DAG panel of the extension as a page in Chromium: clicks and the cursor's place go both ways, and every theme can be read. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { panelHtml } from "../../compiler/editor/vscode/panel-html.ts";
import { graphOf, type Graph } from "../../compiler/graph/model.ts";
import { svg } from "../../compiler/graph/svg.ts";
import type { Document } from "../../compiler/ir/types.ts";
import type { Checks } from "./checks.ts";
import { root, type Environment } from "./environment.ts";

/** What is used of playwright-core, which is installed beside the project. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  click(selector: string): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  emulateMedia(options: { colorScheme: "light" | "dark" }): Promise<void>;
  mouse: { move(x: number, y: number): Promise<void>; wheel(x: number, y: number): Promise<void>; down(): Promise<void>; up(): Promise<void> };
  on(event: "pageerror" | "console", listener: (message: { type?(): string; text?(): string; message?: string }) => void): void;
}
interface Playwright {
  chromium: { launch(options: object): Promise<{ newPage(options: object): Promise<Page>; close(): Promise<void> }> };
}

/** What stands for VS Code: what the panel posts is kept. It runs before the panel's own script, with its nonce. */
const host = "globalThis.posted = []; globalThis.acquireVsCodeApi = () => ({ postMessage: (message) => posted.push(message) });";

export async function graphPanel(checks: Checks, { playwright: installed, chromium, work }: Environment): Promise<void> {
  if (installed === undefined || chromium === undefined) return checks.skip("the panel of the graph in Chromium", "there is no folder with playwright-core (HMC_PLAYWRIGHT), or no Chromium (HMC_CHROMIUM)");
  const folder = join(work, "panel");
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({ entryPoints: [join(root, "compiler/editor/vscode/panel.ts")], bundle: true, write: false, format: "iife", target: "chrome120" });
  const page = join(folder, "panel.html");
  writeFileSync(page, panelHtml(`${host}\n${outputFiles[0]?.text ?? ""}`, "n0nce"));

  const { chromium: driver } = createRequire(join(installed, "package.json"))("playwright-core") as Playwright;
  const browser = await driver.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
  try {
    const tab = await browser.newPage({ viewport: { width: 700, height: 620 } });
    const errors: string[] = [];
    tab.on("pageerror", ({ message = "" }) => errors.push(message));
    tab.on("console", (message) => void (message.type?.() === "error" && errors.push(message.text?.() ?? "")));
    await tab.goto(`file://${page}`);
    const send = (message: object): Promise<void> => tab.evaluate(`new Promise((done) => { window.postMessage(${JSON.stringify(message)}, "*"); setTimeout(done, 60); })`);
    const posted = (): Promise<object[]> => tab.evaluate("posted.splice(0)");
    const expect = (what: string, got: unknown, wanted: unknown): void => checks.expectNone(`panel: ${what}`, JSON.stringify(got) === JSON.stringify(wanted) ? [] : [`expected ${JSON.stringify(wanted)}`, `got      ${JSON.stringify(got)}`]);
    const current = (): Promise<string | null> => tab.evaluate('document.querySelector(".hmc-current")?.dataset.id ?? null');
    const transform = (): Promise<string> => tab.evaluate('document.getElementById("picture").style.transform');
    const isShown = (id: string): Promise<boolean> => tab.evaluate(`(() => { const box = document.querySelector('[data-id="${id}"]').getBoundingClientRect(); return box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight; })()`);
    /** The contrast of the labels with their boxes (WCAG 2.1): 4.5 is needed for text. */
    const contrast = (): Promise<number> => tab.evaluate(`(() => {
      const rgb = (text) => { const canvas = document.createElement("canvas").getContext("2d"); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3); };
      const light = (text) => { const [r, g, b] = rgb(text).map((part) => part / 255).map((part) => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const [a, b] = [light(getComputedStyle(document.querySelector(".hmc-label")).fill), light(getComputedStyle(document.querySelector(".hmc-box")).fill)].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    })()`);

    expect("it says that it can be told", await posted(), [{ kind: "ready" }]);
    const graph = graphIn("control-flow");
    await send({ kind: "graph", pipeline: graph.pipeline, svg: svg(graph), current: "describe" });
    expect("every task has a box", await tab.evaluate('document.querySelectorAll(".hmc-node").length'), graph.nodes.length);
    expect("the cursor's task is marked", await current(), "describe");
    expect("the whole picture is in view", await Promise.all(graph.nodes.map(({ id }) => isShown(id))), graph.nodes.map(() => true));
    await tab.screenshot({ path: join(folder, "light.png") });
    await tab.click('[data-id="describe"]');
    expect("a click names its task", await posted(), [{ kind: "reveal", id: "describe" }]);
    await tab.click('[data-id="try-1"] > .hmc-title');
    expect("a click on a group names it", await posted(), [{ kind: "reveal", id: "try-1" }]);

    await tab.mouse.move(300, 300);
    await tab.mouse.wheel(0, -400);
    expect("the wheel makes it larger", /scale\((?:1\.[1-9]|[2-4])/.test(await transform()), true);
    const before = await transform();
    await tab.mouse.down();
    await tab.mouse.move(360, 340);
    await tab.mouse.up();
    expect("dragging moves it, and is no click", [(await transform()) === before, await posted()], [false, []]);
    const moved = await transform();
    await send({ kind: "graph", pipeline: graph.pipeline, svg: svg(graph).replace("hmc-graph", "hmc-graph edited") });
    expect("an edit leaves the picture where it is", [await transform(), await current()], [moved, null]);

    const large = chain(300);
    await send({ kind: "graph", pipeline: "large", svg: svg(large), current: "t250" });
    await tab.mouse.wheel(0, -2000);
    await send({ kind: "graph", pipeline: "large", svg: svg(large), current: "t3" });
    expect("a task that the cursor goes to comes into view, among 300", [await isShown("t3"), await current()], [true, "t3"]);
    await send({ kind: "graph", pipeline: "evil", svg: svg({ ...large, roots: ["t0"], nodes: [{ id: "t0", label: "<img src=x onerror=posted.push('x')>", kind: "op", runs: "t0" }], edges: [] }) });
    expect("text of the source is not run", await posted(), []);
    await send({ kind: "none" });
    expect("without a pipeline it says so", await tab.evaluate('getComputedStyle(document.getElementById("empty")).display !== "none"'), true);

    await send({ kind: "graph", pipeline: graph.pipeline, svg: svg(graph), current: "sum" });
    const light = await contrast();
    await tab.evaluate(`(() => { const set = (name, value) => document.documentElement.style.setProperty(name, value); set("--vscode-editor-background", "#1e1e1e"); set("--vscode-editor-foreground", "#d4d4d4"); set("--vscode-editorWidget-background", "#252526"); set("--vscode-descriptionForeground", "#9d9d9d"); set("--vscode-focusBorder", "#4daafc"); })()`);
    const dark = await contrast();
    await tab.screenshot({ path: join(folder, "dark.png") });
    expect("labels can be read in a light and in a dark theme", [light >= 4.5, dark >= 4.5], [true, true]);
    checks.expectNone("panel: no error, and nothing that the policy of the page refuses", errors);
  } finally {
    await browser.close();
  }
}

function graphIn(fixture: string): Graph {
  const document = JSON.parse(readFileSync(join(root, "fixtures", fixture, "ir.json"), "utf8")) as Document;
  const pipeline = document.pipelines[document.exported[0] ?? ""];
  if (pipeline === undefined) throw new Error(`${fixture} exports no pipeline`);
  return graphOf(document, pipeline);
}

function chain(count: number): Graph {
  const nodes = Array.from({ length: count }, (_, index) => ({ id: `t${index}`, label: `task-${index}`, kind: "op" as const, runs: `task-${index}` }));
  return { pipeline: "large", roots: nodes.map(({ id }) => id), nodes, groups: [], edges: nodes.slice(1).map(({ id }, index) => ({ from: `t${Math.floor(index / 3)}`, to: id, kind: "data" as const, label: "" })) };
}

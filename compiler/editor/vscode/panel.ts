/** What runs in the panel: shows the picture, marks what the cursor is in, and tells which box was clicked. The wheel zooms, dragging moves. */

import type { ExtensionMessage, PanelMessage } from "./messages.ts";

interface VsCode {
  postMessage(message: PanelMessage): void;
}

declare function acquireVsCodeApi(): VsCode;

const vscode = acquireVsCodeApi();
const element = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const [view, picture, title, empty] = [element("view"), element("picture"), element("title"), element("empty")];

/** Where the picture is: pixels, and how large. */
let at = { x: 0, y: 0, scale: 1 };
let shown: { pipeline: string; svg: string } | undefined;

function place(): void {
  picture.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.scale})`;
}

/** Makes the whole picture visible, never larger than it is. */
function fit(): void {
  const svg = picture.querySelector("svg");
  if (svg === null) return;
  const [width, height] = [Number(svg.getAttribute("width")), Number(svg.getAttribute("height"))];
  const scale = Math.min(1, view.clientWidth / width, view.clientHeight / height);
  at = { x: Math.max(0, (view.clientWidth - width * scale) / 2), y: Math.max(0, (view.clientHeight - height * scale) / 2), scale };
  place();
}

function mark(current: string | undefined): void {
  for (const box of picture.querySelectorAll(".hmc-current")) box.classList.remove("hmc-current");
  const box = current === undefined ? null : picture.querySelector(`[data-id="${CSS.escape(current)}"]`);
  if (box === null) return;
  box.classList.add("hmc-current");
  // Into view, where it is not.
  const [inner, outer] = [box.getBoundingClientRect(), view.getBoundingClientRect()];
  if (inner.left < outer.left || inner.right > outer.right) at.x += outer.left + outer.width / 2 - (inner.left + inner.width / 2);
  if (inner.top < outer.top || inner.bottom > outer.bottom) at.y += outer.top + outer.height / 2 - (inner.top + inner.height / 2);
  place();
}

window.addEventListener("message", ({ data }: MessageEvent<ExtensionMessage>) => {
  if (data.kind === "graph") {
    const isOther = shown?.pipeline !== data.pipeline;
    if (shown?.svg !== data.svg) picture.innerHTML = data.svg;
    shown = { pipeline: data.pipeline, svg: data.svg };
    title.textContent = data.pipeline;
    // Another pipeline begins anew; an edit of the same one leaves the picture where it is.
    if (isOther) fit();
  } else {
    shown = undefined;
    picture.textContent = "";
    title.textContent = "";
  }
  empty.hidden = shown !== undefined;
  mark(data.kind === "none" ? undefined : data.current);
});

function idOf(target: EventTarget | null): string | undefined {
  return target instanceof Element ? (target.closest("[data-id]")?.getAttribute("data-id") ?? undefined) : undefined;
}

function reveal(id: string | undefined): void {
  if (id !== undefined) vscode.postMessage({ kind: "reveal", id });
}

let pressed: { x: number; y: number; hasMoved: boolean } | undefined;
view.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
  pressed = { x, y, hasMoved: false };
});
window.addEventListener("pointermove", ({ clientX, clientY, buttons }) => {
  if (pressed === undefined || buttons === 0) return;
  if (!pressed.hasMoved && Math.hypot(clientX - pressed.x, clientY - pressed.y) < 4) return;
  at = { ...at, x: at.x + clientX - pressed.x, y: at.y + clientY - pressed.y };
  pressed = { x: clientX, y: clientY, hasMoved: true };
  view.classList.add("moving");
  place();
});
window.addEventListener("pointerup", ({ target }) => {
  if (pressed?.hasMoved === false) reveal(idOf(target));
  pressed = undefined;
  view.classList.remove("moving");
});
view.addEventListener("wheel", (event) => {
  event.preventDefault();
  const scale = Math.min(4, Math.max(0.1, at.scale * Math.exp(-event.deltaY / 400)));
  const box = view.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  at = { x: x - ((x - at.x) * scale) / at.scale, y: y - ((y - at.y) * scale) / at.scale, scale };
  place();
}, { passive: false });
view.addEventListener("dblclick", fit);
window.addEventListener("keydown", ({ key }) => {
  if (key === "Enter") reveal(idOf(document.activeElement));
});
vscode.postMessage({ kind: "ready" });

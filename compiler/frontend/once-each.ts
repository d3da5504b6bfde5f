/** What is read of a declaration is read once, so that each of its mistakes is reported once. */
import type { ts } from "ts-morph";
import type { ComponentCallee } from "./callee.ts";
import type { Context } from "./context.ts";

/** Remembers what `read` gave for each symbol of a program. */
export function onceEach<Component>(read: (context: Context, callee: ComponentCallee) => Component): (context: Context, callee: ComponentCallee) => Component {
  const known = new WeakMap<Context, Map<ts.Symbol, Component>>();
  return (context, callee) => {
    const ofProgram = known.get(context) ?? new Map<ts.Symbol, Component>();
    known.set(context, ofProgram);
    const before = ofProgram.get(callee.symbol);
    if (before !== undefined || ofProgram.has(callee.symbol)) return before as Component;
    const component = read(context, callee);
    ofProgram.set(callee.symbol, component);
    return component;
  };
}

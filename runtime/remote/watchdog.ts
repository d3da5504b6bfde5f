/** Ends what no longer moves: a server that has accepted a connection may never answer. */

export interface Watchdog {
  /** Fires when nothing has moved for too long, or when the given signal fires. */
  readonly signal: AbortSignal;
  /** It fired because nothing moved. */
  readonly hasBitten: boolean;
  /** Something has moved. */
  moved(): void;
  end(): void;
}

/** @param patience milliseconds without a movement */
export function watchdog(patience: number, outer: AbortSignal | undefined): Watchdog {
  const controller = new AbortController();
  let hasBitten = false;
  const onOuter = (): void => controller.abort(outer?.reason);
  const timer = setTimeout(() => {
    hasBitten = true;
    controller.abort();
  }, patience);
  outer?.addEventListener("abort", onOuter, { once: true });
  if (outer?.aborted === true) onOuter();
  return {
    signal: controller.signal,
    get hasBitten() {
      return hasBitten;
    },
    moved: () => void timer.refresh(),
    end: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onOuter);
    },
  };
}

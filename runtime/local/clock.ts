/** Time, as a run knows it: that of the machine, or one that passes as fast as nothing happens. */

export interface Clock {
  /** Milliseconds; of the real clock since 1970. */
  now(): number;
  /** Ends when the time has passed, or the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal?.addEventListener("abort", end, { once: true });
      if (signal?.aborted === true) end();
    }),
};

interface Sleeper {
  due: number;
  wake(): void;
}

/** A clock that jumps to the next moment for which somebody waits, whenever nobody works. */
export class VirtualClock implements Clock {
  #now = 0;
  #working = 0;
  #isDue = false;
  readonly #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = {
        due: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake, { once: true });
      this.#look();
    });
  }

  /** Does something that takes real time: the clock stands still until it is done. */
  async working<T>(work: () => Promise<T>): Promise<T> {
    this.#working++;
    try {
      return await work();
    } finally {
      this.#working--;
      this.#look();
    }
  }

  /** Sleeps in the midst of such work. */
  async sleepWhileWorking(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.#working--;
    await this.sleep(milliseconds, signal);
    this.#working++;
  }

  /** Lets everything happen that can happen now, before the clock jumps. */
  #look(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (this.#working > 0) return;
      const next = [...this.#sleepers].reduce<Sleeper | undefined>((first, sleeper) => (first === undefined || sleeper.due < first.due ? sleeper : first), undefined);
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.due);
      next.wake();
      this.#look();
    });
  }
}

/** Trying again what may be done twice, after a pause that grows, with jitter, so that many who failed together do not come back together. */

export interface RetrySettings {
  /** How often something is tried at most. */
  attempts: number;
  /** The longest pause after the first try; it doubles with each. Milliseconds. */
  pause: number;
  /** The longest pause of all. Milliseconds. */
  longestPause: number;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  random: () => number;
}

/**
 * Does something until it succeeds, fails for good, or was tried often enough; then rejects with the last error.
 *
 * @param isPassing whether an error may be gone the next time
 */
export async function retrying<T>(settings: RetrySettings, signal: AbortSignal, act: () => Promise<T>, isPassing: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= settings.attempts || signal.aborted || !isPassing(error)) throw error;
      await settings.sleep(settings.random() * Math.min(settings.longestPause, settings.pause * 2 ** (attempt - 1)), signal);
      if (signal.aborted) throw error;
    }
  }
}

/**
 * A delivery that something happens to: at every one of its requests, each of the things that can happen to it. Afterwards one more delivery brings exactly
 * what is wanted, with nothing there twice and nothing lost.
 */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { RequestError } from "../../runtime/remote/http/failure.ts";
import type { Wanted } from "../../compiler/deploy/kfp/wanted.ts";
import { startKfpServer, type Fault, type KfpServer } from "../remote/kfp/server.ts";
import { delivered, delivery, Killed, type Connecting } from "./deliveries.ts";

const test = suite("faults of a delivery");

const first = delivery("one");
const second = delivery("two");

/** What a case begins with: the target is empty, or has an earlier version. */
const beginnings: { name: string; earlier: Wanted[] }[] = [{ name: "of the first version", earlier: [] }, { name: "of a second version", earlier: [first] }];

async function begun(earlier: readonly Wanted[]): Promise<KfpServer> {
  // A page of one item: every list has several pages where it has several items. The clock stands still: times say nothing of the order.
  const server = await startKfpServer({ pageLimit: 1, clock: () => new Date("2026-11-27T12:00:00Z") });
  for (const wanted of earlier) await delivered(server.host, wanted);
  return server;
}

/** Everything is as a delivery without faults leaves it. */
function checkState({ state, violations }: KfpServer, wanted: Wanted, earlier: readonly Wanted[], what: string): void {
  const expected = [...earlier, wanted];
  assert.equal(violations, [], what);
  assert.equal(state.pipelines.map(({ name }) => name), ["crashed"], what);
  assert.equal(state.versions.map(({ name }) => name).sort(), expected.map(({ versionName }) => versionName).sort(), what);
  assert.equal(state.experiments.map(({ display_name }) => display_name).sort(), ["Default", "demos"], what);
  assert.equal(state.recurringRuns.map(({ display_name, status }) => [display_name, status]).sort(), expected.map(({ recurringRun }) => [recurringRun?.name, recurringRun === wanted.recurringRun ? "ENABLED" : "DISABLED"]).sort(), what);
}

/** How many requests a delivery has without faults. */
async function requestsOf(wanted: Wanted, earlier: readonly Wanted[]): Promise<number> {
  const server = await begun(earlier);
  const before = server.requests.length;
  await delivered(server.host, wanted);
  checkState(server, wanted, earlier, "without faults");
  await server.close();
  return server.requests.length - before;
}

const faults: { name: string; fault: Fault }[] = [
  { name: "status 503", fault: { kind: "status", status: 503 } },
  { name: "status 429", fault: { kind: "status", status: 429, retryAfter: 1 } },
  { name: "a connection that is closed before", fault: { kind: "closeBefore" } },
  { name: "a connection that is closed after", fault: { kind: "closeAfter" } },
  { name: "an answer that is cut off", fault: { kind: "cutOff" } },
  { name: "an answer that comes too late", fault: { kind: "slow", milliseconds: 300 } },
  { name: "a request that arrives twice", fault: { kind: "twice" } },
];

for (const { name: beginning, earlier } of beginnings) {
  const wanted = earlier.length === 0 ? first : second;

  for (const { name, fault } of faults) {
    test(`${name}, at each request ${beginning}`, async () => {
      const count = await requestsOf(wanted, earlier);
      assert.ok(count >= 5, `a delivery has ${count} requests`);
      for (let at = 0; at < count; at++) {
        const server = await begun(earlier);
        server.fault(at, fault);
        const connecting: Connecting = { timeout: fault.kind === "slow" ? 100 : 2000 };
        // It heals itself; where it does not, it says so, and the next one does.
        await delivered(server.host, wanted, connecting).catch((error: unknown) => assert.instance(error, RequestError));
        const again = await delivered(server.host, wanted);
        checkState(server, wanted, earlier, `${name} at request ${at}`);
        assert.equal(again.left, []);
        assert.equal((await delivered(server.host, wanted)).steps, [], "a third one has nothing to do");
        await server.close();
      }
    });
  }

  for (const isAfter of [false, true]) {
    test(`a kill ${isAfter ? "after" : "before"} each request ${beginning}`, async () => {
      const count = await requestsOf(wanted, earlier);
      let killed = 0;
      for (let at = 0; at < count; at++) {
        const server = await begun(earlier);
        await delivered(server.host, wanted, { killed: { at, isAfter } }).catch((error: unknown) => {
          assert.instance(error, Killed);
          killed++;
        });
        // What ran goes on, or what is wanted runs already: a schedule has no gap.
        if (earlier.length > 0) assert.ok(server.state.recurringRuns.some(({ status }) => status === "ENABLED"), `a schedule runs after request ${at}`);
        await delivered(server.host, wanted);
        checkState(server, wanted, earlier, `killed ${isAfter ? "after" : "before"} request ${at}`);
        assert.equal((await delivered(server.host, wanted)).steps, []);
        await server.close();
      }
      assert.is(killed, count);
    });
  }
}

test("two deliveries at the same time leave what one leaves", async () => {
  for (let round = 0; round < 10; round++) {
    const server = await begun([]);
    await Promise.allSettled([delivered(server.host, first), delivered(server.host, first)]);
    await delivered(server.host, first);
    checkState(server, first, [], `round ${round}`);
    await server.close();
  }
});

test("pages in another order than that of their making", async () => {
  const server = await startKfpServer({ pageLimit: 1, reorderPages: true, clock: () => new Date("2026-11-27T12:00:00Z") });
  for (const wanted of [first, second, first, second]) await delivered(server.host, wanted);
  checkState(server, second, [first], "reordered pages");
  assert.equal((await delivered(server.host, second)).steps, []);
  await server.close();
});

test("an answer without what it must have is told as one of another server", async () => {
  const server = await startKfpServer();
  await delivered(server.host, first);
  for (const pipeline of server.state.pipelines) delete pipeline.pipeline_id;
  await delivered(server.host, first).then(() => assert.unreachable(), (error: unknown) => {
    assert.instance(error, RequestError);
    assert.is((error as RequestError).failure.kind, "otherServer");
  });
  await server.close();
});

test("a server whose clock goes back in time changes nothing", async () => {
  let hours = 20;
  const server = await startKfpServer({ clock: () => new Date(Date.UTC(2026, 10, 27, hours--)) });
  await delivered(server.host, first);
  await delivered(server.host, second);
  checkState(server, second, [first], "a clock that goes back");
  await delivered(server.host, first);
  checkState({ ...server, state: server.state }, first, [second], "back to the first");
  assert.equal((await delivered(server.host, first)).steps, []);
  await server.close();
});

test.run();

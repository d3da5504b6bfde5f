/** `hmc/testing`: pipelines in tests, with mocks in place of ops, in one process and without waiting. `docs/testing.md` */
export { testPipeline } from "./test-pipeline.ts";
export type { AnyMock, Mock, MockCall, Mocks, TestCall, TestOptions, TestRun, TestTask } from "./types.ts";

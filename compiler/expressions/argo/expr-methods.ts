/** The methods of Go's times and spans of time that expressions can call, e.g. `now().Format('2006-01-02')`. */
import { ExprDuration, ExprFunction, ExprTime, type ExprParameterType, type ExprValue } from "./expr-value.ts";
import { clockOf, formatGoTime, monthName, printGoDuration, printGoTime, weekdayName } from "./go-time.ts";

/** A method of a value, or `undefined` where it has none of that name. */
export function methodOf(value: ExprValue, name: string): ExprFunction | undefined {
  const made = value instanceof ExprTime ? timeMethods[name]?.(value) : value instanceof ExprDuration ? durationMethods[name]?.(value) : undefined;
  return made === undefined ? undefined : new ExprFunction(name, made.parameters, made.result, made.call);
}

interface Method {
  parameters: readonly ExprParameterType[];
  result: ExprParameterType;
  call(...given: ExprValue[]): ExprValue;
}

const whole = (value: number | bigint): Method => ({ parameters: [], result: "int", call: () => BigInt(value) });
const text = (value: string): Method => ({ parameters: [], result: "string", call: () => value });
const nanoseconds = (value: ExprValue | undefined) => (value instanceof ExprTime || value instanceof ExprDuration ? value.nanoseconds : 0n);
const overTime = (call: (other: bigint) => ExprValue, result: ExprParameterType = "bool"): Method => ({ parameters: ["time"], result, call: (other) => call(nanoseconds(other)) });

const timeMethods: Readonly<Record<string, (time: ExprTime) => Method>> = {
  Format: (time) => ({ parameters: ["string"], result: "string", call: (layout) => formatGoTime(time, typeof layout === "string" ? layout : "") }),
  String: (time) => text(printGoTime(time)),
  Unix: (time) => whole(floor(time.nanoseconds, 1_000_000_000n)),
  UnixMilli: (time) => whole(floor(time.nanoseconds, 1_000_000n)),
  UnixMicro: (time) => whole(floor(time.nanoseconds, 1000n)),
  UnixNano: (time) => whole(time.nanoseconds),
  Year: (time) => whole(clockOf(time).year),
  Month: (time) => ({ ...whole(clockOf(time).month), call: () => monthName(clockOf(time).month) }),
  Weekday: (time) => ({ ...whole(clockOf(time).weekday), call: () => weekdayName(clockOf(time).weekday) }),
  Day: (time) => whole(clockOf(time).day),
  YearDay: (time) => whole(clockOf(time).yearDay),
  Hour: (time) => whole(clockOf(time).hour),
  Minute: (time) => whole(clockOf(time).minute),
  Second: (time) => whole(clockOf(time).second),
  Nanosecond: (time) => whole(clockOf(time).nanosecond),
  UTC: (time) => ({ parameters: [], result: "time", call: () => new ExprTime(time.nanoseconds) }),
  Add: (time) => ({ parameters: ["duration"], result: "time", call: (span) => new ExprTime(time.nanoseconds + nanoseconds(span), time.zone, time.zoneName) }),
  Sub: (time) => overTime((other) => new ExprDuration(time.nanoseconds - other), "duration"),
  Before: (time) => overTime((other) => time.nanoseconds < other),
  After: (time) => overTime((other) => time.nanoseconds > other),
  Equal: (time) => overTime((other) => time.nanoseconds === other),
};

const float = (value: bigint, unit: number): Method => ({ parameters: [], result: "float", call: () => Number(value) / unit });

const durationMethods: Readonly<Record<string, (span: ExprDuration) => Method>> = {
  String: (span) => text(printGoDuration(span)),
  Hours: (span) => float(span.nanoseconds, 3.6e12),
  Minutes: (span) => float(span.nanoseconds, 6e10),
  Seconds: (span) => float(span.nanoseconds, 1e9),
  Milliseconds: (span) => whole(span.nanoseconds / 1_000_000n),
  Microseconds: (span) => whole(span.nanoseconds / 1000n),
  Nanoseconds: (span) => whole(span.nanoseconds),
};

function floor(value: bigint, unit: bigint): bigint {
  return value / unit - (value % unit < 0n ? 1n : 0n);
}

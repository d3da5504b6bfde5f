/**
 * The functions `sprig.*` of Argo's expressions. Those that would give something else each time, reach the network or
 * make keys are not among them: calling one is an error that says so.
 */
import { fail } from "./expr-operators.ts";
import { ExprFunction, type ExprObject, type ExprParameterType, type ExprValue } from "./expr-value.ts";
import { sprigLists } from "./sprig-lists.ts";
import { sprigNumbers } from "./sprig-numbers.ts";
import { sprigTexts } from "./sprig-texts.ts";

/** A function of sprig: its parameters, the type of any number of further ones, its result and what it does. */
export interface SprigFunction {
  parameters: readonly ExprParameterType[];
  rest?: ExprParameterType;
  result: ExprParameterType;
  call(...given: ExprValue[]): ExprValue;
}

/** Random, of the network, or of cryptography: nothing that can be foretold. */
const unsupported = [
  "randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randInt", "randBytes", "shuffle", "uuidv4", "getHostByName", "bcrypt", "htpasswd", "genPrivateKey",
  "derivePassword", "buildCustomCert", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey", "encryptAES", "decryptAES",
];

let made: ExprObject | undefined;

/** All functions by their names. */
export function sprigFunctions(): ExprObject {
  made ??= Object.fromEntries([
    ...Object.entries({ ...sprigTexts, ...sprigNumbers, ...sprigLists }).map(([name, { parameters, rest, result, call }]) => [name, new ExprFunction(name, parameters, result, call, rest)]),
    ...unsupported.map((name) => [name, new ExprFunction(name, [], "any", () => fail(`sprig.${name} gives something else each time it is called, or needs what only a cluster has`), "any")]),
  ]) as ExprObject;
  return made;
}

/** What the operators of expr-lang give for types of operands. */
import { boolType, durationType, floatType, intType, isAssignable, isComparable, isNumber, isUnknown, listOf, maybeFit, stringType, timeType, unknownType, type ExprType } from "./expr-type.ts";

/** What an operator gives, or `undefined` where it does not take such operands. */
export function binaryType(operator: string, left: ExprType, right: ExprType): ExprType | undefined {
  const are = (a: ExprType["kind"], b: ExprType["kind"]) => left.kind === a && right.kind === b;
  const numbers = isNumber(left) && isNumber(right);
  const promoted = left.kind === "float" || right.kind === "float" ? floatType : intType;
  switch (operator) {
    case "==":
    case "!=":
      return isComparable(left, right) ? boolType : undefined;
    case "or":
    case "||":
    case "and":
    case "&&":
      return are("bool", "bool") || maybeFit(left, right, ["bool"]) ? boolType : undefined;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return numbers || are("string", "string") || are("time", "time") || are("duration", "duration") || maybeFit(left, right, ["int", "float", "string", "time", "duration"]) ? boolType : undefined;
    case "-":
      if (numbers) return promoted;
      if (are("time", "time") || are("duration", "duration")) return durationType;
      return are("time", "duration") ? timeType : maybeFit(left, right, ["int", "float", "time", "duration"]) ? unknownType : undefined;
    case "*":
      if (numbers) return promoted;
      if ((left.kind === "duration" && (isNumber(right) || right.kind === "duration")) || (isNumber(left) && right.kind === "duration")) return durationType;
      return maybeFit(left, right, ["int", "float", "duration"]) ? unknownType : undefined;
    case "/":
    case "**":
    case "^":
      return numbers || maybeFit(left, right, ["int", "float"]) ? floatType : undefined;
    case "%":
      return are("int", "int") || maybeFit(left, right, ["int"]) ? intType : undefined;
    case "+":
      if (numbers) return promoted;
      if (are("string", "string")) return stringType;
      if (are("time", "duration") || are("duration", "time")) return timeType;
      if (are("duration", "duration")) return durationType;
      return maybeFit(left, right, ["int", "float", "string", "time", "duration"]) ? unknownType : undefined;
    case "in":
      return (isUnknown(left) && right.kind === "string") || isUnknown(right) || ((left.kind === "string" || isUnknown(left)) && right.kind === "opaque") ? boolType : undefined;
    case "matches":
    case "contains":
    case "startsWith":
    case "endsWith":
      return are("string", "string") || maybeFit(left, right, ["string"]) ? boolType : undefined;
    case "..":
      return are("int", "int") || maybeFit(left, right, ["int"]) ? listOf(intType) : undefined;
    case "??":
      if (left.kind === "nil") return right;
      return right.kind === "nil" || isAssignable(right, left) ? left : unknownType;
    default:
      return undefined;
  }
}

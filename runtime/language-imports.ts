/** What a module has from `"hmc"`, under whatever names. */
import { ts } from "ts-morph";

/** Gives what a callee is called in `"hmc"`; undefined where the module does not have it from there. */
export function languageImports(file: ts.SourceFile): (callee: ts.Expression) => string | undefined {
  const names = new Map<string, string>();
  const spaces = new Set<string>();
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier) || statement.moduleSpecifier.text !== "hmc") continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || statement.importClause?.isTypeOnly === true) continue;
    if (ts.isNamespaceImport(bindings)) spaces.add(bindings.name.text);
    else for (const { name, propertyName, isTypeOnly } of bindings.elements) if (!isTypeOnly) names.set(name.text, (propertyName ?? name).text);
  }
  return (callee) => {
    if (ts.isIdentifier(callee)) return names.get(callee.text);
    return ts.isPropertyAccessExpression(callee) && ts.isIdentifier(callee.expression) && spaces.has(callee.expression.text) ? callee.name.text : undefined;
  };
}

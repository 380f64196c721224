/**
 * Writes each package's `src/argsSchema.ts`: the shapes of its components' arguments, from their interfaces. With
 * `--check` it writes nothing and fails if a file is not what the interfaces say.
 */
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { format, resolveConfig } from "prettier";
import ts from "typescript";
import type { ArgsSchema, ArgsShape } from "../packages/core/src/args/argsSchema.ts";

const root = join(import.meta.dirname, "..");
const primitives: Partial<Record<ts.SyntaxKind, ArgsShape>> = {
  [ts.SyntaxKind.StringKeyword]: { type: "string" },
  [ts.SyntaxKind.NumberKeyword]: { type: "number" },
  [ts.SyntaxKind.BooleanKeyword]: { type: "boolean" },
  [ts.SyntaxKind.UnknownKeyword]: {},
};

/** The declarations that a package's argument types are made of: its own, and those of core. */
class Declarations {
  readonly interfaces = new Map<string, ts.InterfaceDeclaration>();
  readonly aliases = new Map<string, ts.TypeAliasDeclaration>();
  /** Objects `as const`, whose values are an enumeration. */
  readonly enumerations = new Map<string, string[]>();
  /** The argument interfaces of the components. */
  readonly roots: string[] = [];

  constructor(packageName: string) {
    for (const file of [...new Set(["core", packageName])].flatMap(sourceFiles))
      for (const statement of file.statements) this.#add(statement);
  }

  #add(statement: ts.Statement): void {
    if (ts.isInterfaceDeclaration(statement)) this.#addInterface(statement);
    if (ts.isTypeAliasDeclaration(statement)) this.aliases.set(statement.name.text, statement);
    if (ts.isVariableStatement(statement)) this.#addEnumerations(statement);
    if (ts.isClassDeclaration(statement)) this.#addComponent(statement);
  }

  /** Of two interfaces of one name, an exported one wins, and the package's own. */
  #addInterface(declaration: ts.InterfaceDeclaration): void {
    const { text } = declaration.name;
    const other = this.interfaces.get(text);
    const samePackage = other && packageOf(other) === packageOf(declaration);
    if (samePackage && isExported(other) && isExported(declaration))
      throw new Error(`${place(other)} and ${place(declaration)} both export an interface ${text}`);
    if (!other || isExported(declaration)) this.interfaces.set(text, declaration);
  }

  #addEnumerations(statement: ts.VariableStatement): void {
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (!initializer || !ts.isAsExpression(initializer) || !ts.isObjectLiteralExpression(initializer.expression))
        continue;
      const values = initializer.expression.properties.map((property): string =>
        ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer) ? property.initializer.text : "",
      );
      if (!values.includes("")) this.enumerations.set(name.getText(), values);
    }
  }

  #addComponent(declaration: ts.ClassDeclaration): void {
    const base = declaration.heritageClauses?.[0]?.types[0]?.expression.getText();
    if (base !== "pulumi.ComponentResource" && base !== "ComponentResource") return;
    const parameter = declaration.members.find(ts.isConstructorDeclaration)?.parameters[1];
    if (!parameter?.type) throw new Error(`The constructor of ${declaration.name?.text ?? "a class"} takes no args.`);
    this.roots.push(parameter.type.getText());
  }
}

/** The shapes that some interfaces reach. */
class SchemaWriter {
  readonly #declarations: Declarations;
  readonly schema: ArgsSchema = {};

  constructor(declarations: Declarations) {
    this.#declarations = declarations;
  }

  addInterface(name: string): void {
    if (this.schema[name]) return;
    const properties: Record<string, ArgsShape> = {};
    const required: string[] = [];
    this.schema[name] = { type: "object", properties, required };
    for (const member of this.#members(name)) {
      if (!ts.isPropertySignature(member) || !member.type) throw unsupported(member);
      const key = member.name.getText().replaceAll('"', "");
      properties[key] = this.#shape(member.type);
      if (!member.questionToken) required.push(key);
    }
    if (required.length === 0) delete this.schema[name].required;
  }

  #members(name: string): ts.TypeElement[] {
    const declaration = this.#declarations.interfaces.get(name);
    if (!declaration) throw new Error(`There is no interface ${name}.`);
    const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) => types);
    const inherited = bases.flatMap((base) => this.#inherited(base));
    const own = new Set(declaration.members.map((member) => member.name?.getText()));
    return [...inherited.filter((member) => !own.has(member.name?.getText())), ...declaration.members];
  }

  #inherited(base: ts.ExpressionWithTypeArguments): ts.TypeElement[] {
    const [of, names] = base.typeArguments ?? [];
    if (base.expression.getText() !== "Omit" || !of || !names) return this.#members(base.expression.getText());
    const omitted: string[] = names.getText().match(/\w+/g) ?? [];
    return this.#members(of.getText()).filter((member) => !omitted.includes(member.name?.getText() ?? ""));
  }

  #shape(type: ts.TypeNode): ArgsShape {
    const primitive = primitives[type.kind];
    if (primitive) return primitive;
    if (ts.isArrayTypeNode(type)) return { type: "array", items: this.#shape(type.elementType) };
    if (ts.isParenthesizedTypeNode(type)) return this.#shape(type.type);
    if (ts.isTypeReferenceNode(type)) return this.#reference(type);
    throw unsupported(type);
  }

  #reference(type: ts.TypeReferenceNode): ArgsShape {
    const name = type.typeName.getText();
    const [first, second] = type.typeArguments ?? [];
    if (/^(pulumi\.)?(Input|Output)$/.test(name) && first) return { ...this.#shape(first), input: true };
    if (name === "Record" && second) return { type: "object", additionalProperties: this.#shape(second) };
    if (this.#declarations.interfaces.has(name)) {
      this.addInterface(name);
      return { $ref: name };
    }
    const values = this.#declarations.enumerations.get(name);
    if (values) return { type: "string", enum: values };
    const alias = this.#declarations.aliases.get(name);
    if (alias) return ts.isUnionTypeNode(alias.type) ? {} : this.#shape(alias.type);
    // A resource or a type of an SDK: whoever uses it checks it.
    if (name.includes(".")) return {};
    throw unsupported(type);
  }
}

function isExported(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
}

function packageOf(node: ts.Node): string | undefined {
  return relative(join(root, "packages"), node.getSourceFile().fileName).split(sep)[0];
}

function place(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${relative(root, file.fileName)}:${line + 1}`;
}

function unsupported(node: ts.Node): Error {
  return new Error(`${place(node)}: ${node.getText()} has no shape that can be checked at run time`);
}

function sourceFiles(packageName: string): ts.SourceFile[] {
  return globSync(join(root, "packages", packageName, "src/**/*.ts"))
    .filter((file) => !file.endsWith("argsSchema.ts"))
    .sort()
    .map((file) => ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ESNext, true));
}

const stale: string[] = [];
for (const packageName of readdirSync(join(root, "packages"))) {
  const declarations = new Declarations(packageName);
  if (declarations.roots.length === 0) continue;
  const writer = new SchemaWriter(declarations);
  for (const name of declarations.roots) writer.addInterface(name);
  const sorted = Object.fromEntries(Object.entries(writer.schema).sort(([a], [b]) => (a < b ? -1 : 1)));
  const file = join(root, "packages", packageName, "src/argsSchema.ts");
  const text = [
    "// Generated from the interfaces of the components' arguments by `npm run schema`. Do not edit.",
    'import type { ArgsSchema } from "@gatehouse/core";',
    `export const argsSchema: ArgsSchema = ${JSON.stringify(sorted)};`,
  ].join("\n\n");
  const formatted = await format(text, { ...(await resolveConfig(file)), parser: "typescript" });
  if (existsSync(file) && readFileSync(file, "utf8") === formatted) continue;
  if (process.argv.includes("--check")) stale.push(relative(root, file));
  else writeFileSync(file, formatted);
}
if (stale.length > 0) {
  process.stderr.write(`Not what the interfaces say: ${stale.join(", ")}. Run: npm run schema\n`);
  process.exitCode = 1;
}

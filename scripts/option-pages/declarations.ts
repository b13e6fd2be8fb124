import { join, resolve } from 'node:path'
import ts from 'typescript-5'

const root = join(import.meta.dirname, '../..')

/** A member of an interface or of an object type, with its doc comment. */
export interface Member {
  readonly name: string
  /** As in the source, without `| undefined`. */
  readonly type: string
  readonly isOptional: boolean
  readonly doc: string
  /** The texts of the tags with this name, such as `@example`. */
  tags(name: string): readonly string[]
}

/** A named type that a member uses: an interface without methods, or a type alias. */
export interface NamedType {
  readonly name: string
  readonly doc: string
  /** The members of an interface. */
  readonly members: readonly Member[]
  /** The right side of a type alias. */
  readonly definition: string | undefined
}

export interface Declarations {
  /** All members of an interface, also inherited ones, in the order of the sources. */
  membersOf(name: string): readonly Member[]
  /** The members of each variant of a union of object types, in the order of the sources. */
  variantsOf(name: string): readonly (readonly Member[])[]
  /** The named types that the members of a type use, without those of other packages. */
  typesUsedBy(name: string): readonly NamedType[]
}

/** Reads the declarations of a source file, with those that it imports. */
export const readDeclarations = (file: string): Declarations => {
  const path = resolve(root, file)
  const configFile = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.convertCompilerOptionsFromJson(
    (configFile.config as { compilerOptions: object }).compilerOptions,
    root,
  )
  // Only the text of types is needed, so the compiler's own libraries are not read.
  const program = ts.createProgram([path], { ...options, noLib: true })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)
  const module = source && checker.getSymbolAtLocation(source)
  if (!module) throw new Error(`${file} is not a module`)

  const find = (name: string): ts.Symbol => {
    const symbol = checker.getExportsOfModule(module).find((each) => each.name === name)
    if (!symbol) throw new Error(`${file} does not export ${name}`)
    return symbol
  }

  const toMember = (symbol: ts.Symbol): Member => {
    const declaration = symbol.declarations?.[0]
    return {
      name: symbol.name,
      type: typeText(declaration),
      isOptional: (symbol.flags & ts.SymbolFlags.Optional) !== 0,
      doc: docOf(symbol),
      tags: (name) =>
        symbol
          .getJsDocTags(checker)
          .filter((tag) => tag.name === name)
          .map(({ text }) => ts.displayPartsToString(text)),
    }
  }
  const docOf = (symbol: ts.Symbol): string =>
    ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const propertiesOf = (type: ts.Type): ts.Symbol[] => checker.getPropertiesOfType(type)
  const variantsOf = (name: string): readonly ts.Type[] => {
    const type = checker.getDeclaredTypeOfSymbol(find(name))
    return type.isUnion() ? type.types : [type]
  }

  const namedTypesIn = (node: ts.Node, found: Map<string, ts.Symbol>): void => {
    if (ts.isTypeReferenceNode(node)) {
      const symbol = resolveAlias(checker.getSymbolAtLocation(node.typeName))
      if (symbol && isOwnType(symbol) && !found.has(symbol.name)) {
        found.set(symbol.name, symbol)
        for (const declaration of symbol.declarations ?? []) namedTypesIn(declaration, found)
      }
    }
    ts.forEachChild(node, (child) => namedTypesIn(child, found))
  }
  const resolveAlias = (symbol: ts.Symbol | undefined): ts.Symbol | undefined =>
    symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0
      ? checker.getAliasedSymbol(symbol)
      : symbol
  const toNamedType = (symbol: ts.Symbol): NamedType => {
    const declaration = symbol.declarations?.[0]
    return {
      name: symbol.name,
      doc: docOf(symbol),
      members:
        declaration && ts.isInterfaceDeclaration(declaration)
          ? propertiesOf(checker.getDeclaredTypeOfSymbol(symbol)).map(toMember)
          : [],
      definition:
        declaration && ts.isTypeAliasDeclaration(declaration)
          ? textOf(declaration.type)
          : undefined,
    }
  }

  return {
    membersOf: (name) => propertiesOf(checker.getDeclaredTypeOfSymbol(find(name))).map(toMember),
    variantsOf: (name) => variantsOf(name).map((variant) => propertiesOf(variant).map(toMember)),
    typesUsedBy: (name) => {
      const found = new Map<string, ts.Symbol>()
      for (const { declarations = [] } of variantsOf(name).flatMap(propertiesOf))
        for (const declaration of declarations) namedTypesIn(declaration, found)
      return [...found.values()].map(toNamedType)
    },
  }
}

/** A short type alias of this repository, or an interface of it that has no methods. */
const isOwnType = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.length > 0 &&
  declarations.every((declaration) => {
    const isOwn = !declaration.getSourceFile().fileName.includes('/node_modules/')
    return isOwn && (isShortAlias(declaration) || isDataInterface(declaration))
  })

/** The list of events, for example, is a type alias that needs a page of its own. */
const isShortAlias = (declaration: ts.Declaration): boolean =>
  ts.isTypeAliasDeclaration(declaration) && !textOf(declaration.type).includes('{')

const isDataInterface = (declaration: ts.Declaration): boolean =>
  ts.isInterfaceDeclaration(declaration) && declaration.members.every(ts.isPropertySignature)

/** The type of a property, or the signature of a method as a function type. */
const typeText = (declaration: ts.Declaration | undefined): string => {
  if (declaration && ts.isPropertySignature(declaration) && declaration.type)
    return textOf(declaration.type).replace(/ \| undefined$/, '')
  if (declaration && ts.isMethodSignature(declaration) && declaration.type) {
    const parameters = declaration.parameters.map(textOf).join(', ')
    return `(${parameters}) => ${textOf(declaration.type)}`
  }
  throw new Error(`${declaration?.getText() ?? 'a member'} is no property or method with a type`)
}

/** The source text in one line. */
const textOf = (node: ts.Node): string =>
  node
    .getText()
    .replaceAll(/\s+/g, ' ')
    .replace(/^\| /, '')
    .replaceAll('( ', '(')
    .replaceAll(', )', ')')

import { relative, sep } from 'node:path'
import { importProblem } from './modules.ts'

// This repository's own rules, as a plugin of oxlint. The types below contain only the parts of the
// syntax tree that the rules read.
interface Node {
  async?: boolean
  await?: boolean
  source?: (Node & { value?: unknown }) | null
  importKind?: 'type' | 'value'
  exportKind?: 'type' | 'value'
  specifiers?: Node[]
}
interface Context {
  cwd: string
  filename: string
  report(problem: { node: Node; message: string }): void
}

const pathOf = (context: Context) => relative(context.cwd, context.filename).split(sep).join('/')

const boundaries = {
  create(context: Context) {
    const file = pathOf(context)
    const check = (node: Node, typeOnly: boolean) => {
      if (typeof node.source?.value !== 'string') return
      const reason = importProblem({ file, source: node.source.value, typeOnly })
      if (reason !== undefined) context.report({ node: node.source, message: reason })
    }
    const ofDeclaration = (node: Node) => check(node, isTypeOnly(node))
    return {
      ImportDeclaration: ofDeclaration,
      ExportNamedDeclaration: ofDeclaration,
      ExportAllDeclaration: ofDeclaration,
      ImportExpression: (node: Node) => check(node, false),
      TSImportType: (node: Node) => check(node, true),
    }
  },
}

function isTypeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true
  const specifiers = node.specifiers ?? []
  return (
    specifiers.length > 0 &&
    specifiers.every(
      (specifier) => specifier.importKind === 'type' || specifier.exportKind === 'type',
    )
  )
}

const adapterEntryPoint = /^packages\/oauth-(hono|koa|nestjs)\/src\/index\.ts$/

// An adapter exports all of core, so that an app needs one dependency. scripts/shipped/pins lists
// the names, so a review sees each change there.
const noExportAll = {
  create: (context: Context) => ({
    ExportAllDeclaration(node: Node) {
      const isAllowed =
        node.source?.value === '@zrecruit/oauth-core' && adapterEntryPoint.test(pathOf(context))
      if (isAllowed) return
      context.report({
        node,
        message:
          'No `export *`: an entry point lists its exports, so that a review sees each change',
      })
    },
  }),
}

const synchronous = {
  create(context: Context) {
    const message =
      'domain and machine are pure: they await nothing. Return a decision that client carries out'
    const ofFunction = (node: Node) => {
      if (node.async === true) context.report({ node, message })
    }
    return {
      FunctionDeclaration: ofFunction,
      FunctionExpression: ofFunction,
      ArrowFunctionExpression: ofFunction,
      AwaitExpression: (node: Node) => context.report({ node, message }),
      ForOfStatement: (node: Node) => {
        if (node.await === true) context.report({ node, message })
      },
    }
  },
}

export default {
  meta: { name: 'zrecruit' },
  rules: { boundaries, synchronous, 'no-export-all': noExportAll },
}

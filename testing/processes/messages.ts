/** What a child can be asked to do: its handlers by the names of the commands. */
export type Handlers = Readonly<Record<string, (input: never) => unknown>>

/** The parameters of a command: its input, or nothing for a handler without a parameter. */
export type Input<Handler> = Handler extends () => unknown
  ? []
  : Handler extends (input: infer Value) => unknown
    ? [input: Value]
    : never

/** From the parent to the child. */
export interface Request {
  readonly id: number
  readonly command: string
  readonly input: unknown
}

/** From the child to the parent. */
export type Message =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly id: number; readonly value?: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly error: string }
  | { readonly type: 'event'; readonly event: unknown }

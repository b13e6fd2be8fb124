import type { Handlers, Message, Request } from './messages.ts'

/**
 * In a child of `startChild`: answers the parent's requests. Call it when the child is ready, with
 * one handler for each command. The child ends when its parent ends or closes the channel.
 */
export const serveParent = (handlers: Handlers): void => {
  process.on('disconnect', () => process.exit())
  process.on('message', ({ id, command, input }: Request) => {
    runHandler(handlers, command, input).then(
      (value) => send({ type: 'reply', id, value }),
      (error: unknown) => send({ type: 'failure', id, error: textOf(error) }),
    )
  })
  void send({ type: 'ready' })
}

/**
 * In a child of `startChild`: sends an event to the parent. Resolves when the operating system has
 * the message. Then the message arrives even if this process is killed.
 */
export const sendEvent = (event: unknown): Promise<void> => send({ type: 'event', event })

const runHandler = async (handlers: Handlers, command: string, input: unknown) => {
  const handler = handlers[command]
  if (!handler) throw new Error(`unknown command: ${command}`)
  return handler(input as never)
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

const send = (message: Message): Promise<void> =>
  new Promise((resolve) => {
    // An error means that the parent has ended; then `disconnect` ends this process.
    if (process.send) process.send(message, undefined, {}, () => resolve())
    else resolve()
  })

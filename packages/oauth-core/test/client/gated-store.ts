import type { ConnectionStore } from '../../src/store/connection-store.ts'

type When = 'before it is applied' | 'after it was applied'

export const createSignal = () => {
  let resolve = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}

/** A store in which one command waits until the test lets it continue. */
export const gatedStore = () => {
  const gates: { skip: number; when: When; reached: () => void; opened: Promise<void> }[] = []
  const pass = async <T>(command: () => Promise<T>): Promise<T> => {
    // A command lowers the counters in order, and waits at the first gate whose counter was 0.
    const gate = gates.find((one) => one.skip-- === 0)
    if (!gate) return command()
    if (gate.when === 'after it was applied') {
      const response = await command()
      gate.reached()
      await gate.opened
      return response
    }
    gate.reached()
    await gate.opened
    return command()
  }
  return {
    wrap: (inner: ConnectionStore): ConnectionStore => ({
      read: (id) => pass(() => inner.read(id)),
      write: (...write) => pass(() => inner.write(...write)),
      list: (query) => inner.list(query),
    }),
    /** Delays the command that follows `skip` other commands. */
    hold: (skip: number, when: When) => {
      const reached = createSignal()
      const opened = createSignal()
      const gate = { skip, when, reached: reached.resolve, opened: opened.promise }
      gates.push(gate)
      return {
        reached: reached.promise,
        open: opened.resolve,
        /** Removes the gate, so that it delays no later command. */
        disarm: () => void gates.splice(gates.indexOf(gate), 1),
      }
    },
  }
}

import { expect, it, onTestFinished } from 'vitest'
import { startChild } from '../../processes/index.ts'
import type { TestCommands } from './child.ts'
import type { ParentCommands } from './parent.ts'

const start = async () => {
  const child = await startChild<TestCommands>(new URL('child.ts', import.meta.url))
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('requests are answered, even out of order', async () => {
  const child = await start()
  const slow = child.request('slowly', 'slow')
  expect(await child.request('add', { a: 1, b: 2 })).toBe(3)
  expect(await slow).toBe('slow')
  expect(await child.stop()).toEqual({ code: 0, signal: null })
})

it('a failed handler rejects its request, and the child goes on', async () => {
  const child = await start()
  await expect(child.request('fail')).rejects.toThrow('TypeError: as requested')
  expect(await child.request('add', { a: 1, b: 1 })).toBe(2)
})

it('a crash rejects pending and later requests, with the exit code and stderr', async () => {
  const child = await start()
  const message = /^the child process ended: exit code 3\nthe reason of the crash$/
  await expect(child.request('crash')).rejects.toThrow(message)
  await expect(child.request('add', { a: 1, b: 1 })).rejects.toThrow(message)
  expect(await child.exited).toEqual({ code: 3, signal: null })
})

it('an event that was sent before SIGKILL arrives', async () => {
  const child = await start()
  const events: unknown[] = []
  child.onEvent((event) => events.push(event))
  await expect(child.request('announceAndDie')).rejects.toThrow('ended: SIGKILL')
  expect(events).toEqual(['last words'])
})

it('a grandchild that keeps the pipes open does not delay the end', async () => {
  const child = await start()
  const grandchild = await child.request('leaveGrandchild')
  onTestFinished(() => void process.kill(grandchild, 'SIGKILL'))
  expect(await child.stop()).toEqual({ code: 0, signal: null })
  await expect(child.request('add', { a: 1, b: 1 })).rejects.toThrow('ended: exit code 0')
})

it('a child that ends before it is ready is reported with its stderr', async () => {
  await expect(startChild(new URL('broken-child.ts', import.meta.url))).rejects.toThrow(
    /ended: exit code 1\n[\s\S]*cannot start/,
  )
})

it('a stopped child ends when its parent is killed', async () => {
  const parent = await startChild<ParentCommands>(new URL('parent.ts', import.meta.url))
  const pid = await parent.request('childPid')
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await parent.exited
  await expect.poll(() => isAlive(pid)).toBe(false)
})

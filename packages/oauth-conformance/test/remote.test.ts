import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { expect, it, onTestFinished } from 'vitest'
import { storeInProcess } from '../src/index.ts'

const start = async (password = 'right') => {
  const other = await storeInProcess(new URL('stores/odd-remote.ts', import.meta.url), password)
  onTestFinished(() => other.kill())
  return {
    ...other,
    readState: async () =>
      (await other.store.read('')).asOf as never as Record<
        'pid' | 'openedAt' | 'originAt' | 'now' | 'epoch' | 'parsed',
        number
      > & { isDate: boolean },
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('kill() ends the other process, and unanswered commands reject', async () => {
  const { store, readState, kill } = await start()
  const { pid } = await readState()
  expect(pid).not.toBe(process.pid)
  const never = store.read('never').catch((error: unknown) => error)
  await kill()
  expect(await never).toMatchObject({ code: 'store-unavailable' })
  await expect(store.read('')).rejects.toMatchObject({ code: 'store-unavailable' })
  expect(isAlive(pid)).toBe(false)
  await kill()
})

it('transfers arguments and results unchanged', async () => {
  const { store } = await start()
  expect(await store.list({ limit: 7 })).toEqual([
    { id: '\u001f😀7', status: 'active', pending: false },
  ])
  expect([
    await store.write('', undefined, 'absent'),
    await store.write('', {} as never, 'absent'),
  ]).toEqual([
    { written: true, asOf: 0 },
    { written: false, asOf: 0 },
  ])
})

it('restores errors of the library, and does not turn other errors into them', async () => {
  const { store } = await start()
  await expect(store.read('ours')).rejects.toMatchObject({
    code: 'argument-invalid',
    message: 'The id is ours. Pass another.',
    hint: 'Pass another.',
  })
  const foreign: unknown = await store.read('foreign').catch((error: unknown) => error)
  expect(isRecruitOAuthError(foreign)).toBe(false)
  expect(foreign).toMatchObject({ message: 'TypeError: not ours' })
})

it('moves the wall clock of the process before it opens the store', async () => {
  const { moveClock, readState } = await start()
  const before = await readState()
  for (const day of [86_400_000, -86_400_000]) {
    await moveClock(day)
    const after = await readState()
    for (const name of ['openedAt', 'now'] as const)
      expect(Math.abs(after[name] - Date.now() - day)).toBeLessThan(3_600_000)
    expect(after.originAt - before.originAt).toBe(day)
    expect([after.epoch, after.parsed, after.isDate]).toEqual([0, 86_400_000, true])
  }
})

it('reports why the store could not be opened', async () => {
  await expect(start('wrong')).rejects.toThrow(
    'The other process did not open the store: Error: the password is wrong',
  )
})

it('reports a module that does not serve a store', async () => {
  await expect(storeInProcess(new URL('reference.ts', import.meta.url), '')).rejects.toMatchObject({
    code: 'store-unavailable',
  })
})

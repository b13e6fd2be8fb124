import type { PlannedTrouble } from '../plan.ts'
import type { Dice } from './dice.ts'

/** At most one fault of each conflicting kind in a round. */
export const troubles = (dice: Dice, lengthMs: number, slots: number): PlannedTrouble[] => {
  const at = () => dice.below(lengthMs)
  const all: PlannedTrouble[] = []
  for (let kills = dice.between(0, 2); kills > 0; kills--)
    all.push({ do: 'kill', at: at(), slot: dice.below(slots) })
  if (dice.is(0.4))
    all.push({ do: 'stop', at: at(), slot: dice.below(slots), forMs: dice.between(500, 11_000) })
  const store = dice.next()
  if (store < 0.2) all.push({ do: 'freeze-store', at: at(), forMs: dice.between(500, 4_000) })
  else if (store < 0.7) {
    all.push({
      do: 'stall-commits',
      at: at(),
      forMs: dice.between(3_000, 6_000),
      seconds: dice.between(2, 4),
    })
  }
  if (dice.is(0.8)) {
    const reads = { share: 0.2 + 0.4 * dice.next(), maxMs: dice.between(500, 900) }
    const writes = dice.is(0.3)
      ? { share: 0.3, maxMs: dice.between(1_000, 4_000) }
      : { share: 0, maxMs: 0 }
    const slot = dice.is(0.5) ? { slot: dice.below(slots) } : {}
    all.push({
      do: 'slow-store',
      at: at(),
      forMs: dice.between(3_000, 8_000),
      ...slot,
      slowness: { reads, writes },
    })
  }
  for (let faults = dice.between(0, 2); faults > 0; faults--) {
    all.push({
      do: 'fault',
      at: at(),
      forMs: dice.between(800, 4_000),
      fault: dice.one(faultKinds)(dice),
    })
  }
  return all
}

/** What Zoho does on a bad day, as the emulator is told it. */
const faultKinds: readonly ((dice: Dice) => Readonly<Record<string, unknown>>)[] = [
  () => ({ on: 'revoke', kind: 'status', status: 503 }),
  (dice) => ({ on: 'revoke', kind: dice.one(['drop-after', 'drop-before']), times: 2 }),
  (dice) => ({ on: 'revoke', kind: 'latency', seconds: 0.5 + dice.next() * 2 }),
  (dice) => ({
    on: 'token',
    grantType: 'refresh_token',
    kind: 'throttle',
    times: dice.between(1, 2),
  }),
  (dice) => ({ on: 'token', kind: 'latency', seconds: 0.3 + dice.next() * 3 }),
  (dice) => ({
    on: 'token',
    kind: dice.one(['drop-after', 'truncated', 'drop-before']),
    times: dice.between(1, 3),
  }),
  (dice) => ({
    on: 'token',
    kind: 'status',
    status: dice.one([500, 503]),
    times: dice.between(1, 6),
  }),
  (dice) => ({ on: 'api', kind: 'token-rejected', times: dice.between(1, 3) }),
  (dice) => ({ on: 'api', kind: 'status', status: 503, times: dice.between(1, 4) }),
]

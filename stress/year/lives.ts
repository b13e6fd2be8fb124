import { customerOf, day, hour, minute, second, type Customer, type Setup } from './customer.ts'
import { mishapsOf } from './mishaps.ts'

/**
 * How a connection is used. Of a thousand one is busy day and night, four in office hours, four by
 * a job at night, the others now and then.
 */
const kindOf = (user: number): 'steady' | 'office' | 'nightly' | 'seldom' => {
  if (user % 1_000 === 0) return 'steady'
  if (user % 250 === 1) return 'office'
  return user % 250 === 2 ? 'nightly' : 'seldom'
}

/** One visit and the pause after it. */
const visitsOf = ({ time, days }: Setup, { user, between, burst }: Customer) => ({
  async steady() {
    await burst(3)
    await time.sleep(between(5 * minute, 30 * minute))
  },
  async office() {
    await burst(4)
    const local = (time.now() + (user % 24) * hour) / day
    const open = local % 1 < 0.375 && Math.floor(local) % 7 < 5
    await time.sleep(open ? between(minute, 40 * minute) : between(3 * hour, 8 * hour))
  },
  async nightly() {
    for (let rounds = 0; rounds < 2; rounds++) {
      await burst(8)
      await time.sleep(between(second, 5 * minute))
    }
    await time.sleep(day - 6 * minute)
  },
  async seldom() {
    await burst(2)
    // Idle for minutes or for two months.
    await time.sleep(Math.min(between(0, 60 * day) * between(0, 1), between(0, days * day)))
  },
})

/** One customer's connection, from the first consent on. */
export const live = async (scene: Setup, user: number): Promise<never> => {
  const { time, days } = scene
  const customer = customerOf(scene, user)
  const { between, consent } = customer
  const [kind, mishaps] = [kindOf(user), mishapsOf(scene, customer)]
  const visit = visitsOf(scene, customer)[kind]
  // Customers come in waves: more than ten in ten minutes, and some have to wait.
  await time.sleep(Math.floor(user / 12) * 22 * minute + (user % 12) * 20 * second)
  await consent()
  let mishapAt = time.now() + between(day, (kind === 'seldom' ? 0.5 : 0.1) * days * day)
  for (let past = user; ;) {
    await visit()
    if (time.now() < mishapAt) continue
    await mishaps[past++ % mishaps.length]?.()
    mishapAt =
      time.now() + (kind === 'seldom' ? between(100 * day, 600 * day) : between(day, 20 * day))
  }
}

/** Random numbers of 32 bits from a seed (mulberry32), so that a failing run can be repeated. */
export const mulberry = (seed: number) => {
  let a = seed >>> 0
  return (): number => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
}

export const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T

export const freshSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] as number

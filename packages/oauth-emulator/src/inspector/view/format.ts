import type { EpochMs } from '../../clock.ts'

/** A duration in one or two units: `59 s`, `42 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const
  const first = parts.findIndex(([count]) => count > 0)
  if (first < 0) return '0 s'
  const visible = parts.slice(first, first + 2).filter(([count]) => count > 0)
  return visible.map(([count, unit]) => `${count} ${unit}`).join(' ')
}

/** The remaining time as a countdown: `59:59`, `1:00:00`. */
export function countdown(seconds: number): string {
  const two = (count: number) => String(count).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const rest = `${two(minutes)}:${two(seconds % 60)}`
  return hours === 0 ? rest : `${hours}:${rest}`
}

/** The time of day on the emulator's clock, in this machine's time zone. */
export function timeOfDay(at: EpochMs): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

export function day(at: EpochMs): string {
  return new Date(at).toLocaleDateString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}

/** The label of a token: an ellipsis and its last six characters. */
export function tokenLabel(lastSix: string): string {
  return `…${lastSix}`
}

export const tokenTypes = {
  authorization_code: 'Authorization code',
  refresh_token: 'Refresh token',
  access_token: 'Access token',
} as const

/** `once`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}

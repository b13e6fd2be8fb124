import type { Html } from '../html.ts'
import { baseStyle } from './base.ts'
import { consentStyle } from './consent.ts'

/** The style of pages with one card. */
export const style: Html = {
  text: `${baseStyle.text}${consentStyle}
.card {
  width: 100%;
  max-width: 480px;
  margin: 0;
  padding: 36px;
  background: #fff;
  border: 1px solid var(--line);
  border-radius: 18px;
  box-shadow:
    0 1px 2px rgb(28 37 48 / 4%),
    0 18px 40px -18px rgb(28 37 48 / 18%);
  overflow-wrap: anywhere;
}
.pair {
  display: flex;
  align-items: center;
  gap: 12px;
  margin-bottom: 22px;
}
.tile {
  width: 48px;
  height: 48px;
  border-radius: 14px;
  display: grid;
  place-items: center;
  font-weight: 650;
  font-size: 20px;
  background: var(--ink);
  color: #fff;
}
.tile.recruit {
  background: var(--tint);
  color: var(--accent);
}
.thread {
  flex: 0 0 30px;
  border-top: 2px dotted #9aa6b1;
}
h1 {
  margin: 0 0 6px;
  font-size: 23px;
  line-height: 1.28;
  font-weight: 650;
  letter-spacing: -0.012em;
  text-wrap: balance;
}
h2,
legend {
  margin: 0 0 10px;
  padding: 0;
  font-size: 14px;
  font-weight: 600;
  color: var(--soft);
}
p {
  margin: 0;
}
.lede {
  color: var(--soft);
}
fieldset,
section {
  margin: 26px 0 0;
  padding: 0;
  border: 0;
  min-width: 0;
}
.actions {
  display: flex;
  gap: 10px;
  margin-top: 28px;
}
button {
  flex: 1;
  padding: 13px 18px;
  border-radius: 12px;
  border: 1px solid #8793a0;
  background: #fff;
  color: var(--ink);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover {
  background: #f3f5f6;
}
button.accept {
  border-color: var(--accent);
  background: var(--accent);
  color: #fff;
}
button.accept:hover {
  background: var(--accent-deep);
}
button:focus-visible {
  outline: 3px solid #2c8f7d;
  outline-offset: 2px;
}
.after {
  margin-top: 16px;
  font-size: 14px;
  color: var(--soft);
  text-align: center;
}
.problem {
  display: inline-grid;
  place-items: center;
  width: 44px;
  height: 44px;
  margin-bottom: 18px;
  border-radius: 50%;
  background: var(--warn-tint);
  color: var(--warn);
  font-size: 22px;
  font-weight: 700;
}
.hint {
  margin-top: 22px;
  padding: 14px 16px;
  border-radius: 12px;
  background: var(--ground);
  font-size: 15px;
}
.fact {
  margin-top: 14px;
}
.hint b,
.fact b {
  display: block;
  font-size: 14px;
  color: var(--soft);
  font-weight: 600;
}
@media (max-width: 480px) {
  .notice {
    margin-bottom: 20px;
  }
  .card {
    padding: 26px 20px;
    border-radius: 16px;
  }
  h1 {
    font-size: 21px;
  }
  .actions {
    flex-direction: column;
  }
}
`,
}

import type { Html } from '../pages/html.ts'
import { baseStyle } from '../pages/style.ts'

/** The inspector is wide, and calm: what stands out has something to tell. */
export const inspectorStyle: Html = {
  text: `${baseStyle.text}
.notice { margin-bottom: 0; }
main { width: 100%; max-width: 1320px; font-size: 15px; }
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font-size: 25px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; }
h2 { font-size: 17px; font-weight: 650; letter-spacing: -0.008em; }
h3 { font-size: 15px; font-weight: 650; line-height: 1.3; }
h4 { font-size: 14px; font-weight: 600; }
small, .none { font-size: 13px; color: var(--soft); }
.lost { align-self: stretch; margin: 16px auto 0; width: 100%; max-width: 1320px; padding: 10px 16px; border-radius: 12px; background: var(--warn-tint); color: var(--warn); }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 14px 28px; padding: 26px 4px 22px; }
.title { flex: 1 1 240px; color: var(--soft); }
.title h1 { color: var(--ink); }
.clock { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 18px; }
.time { font-size: 30px; font-weight: 650; line-height: 1; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.date { font-size: 13px; line-height: 1.35; color: var(--soft); min-width: 168px; }
.pushes { display: flex; }
.pushes form + form { margin-left: -1px; }
.pushes button { border-radius: 0; }
.pushes form:first-child button { border-radius: 10px 0 0 10px; }
.pushes form:last-child button { border-radius: 0 10px 10px 0; }
button, select, a.main {
  min-height: 36px; padding: 6px 13px; border: 1px solid #c3ccd3; border-radius: 10px; background: #fff; color: var(--ink);
  font: inherit; font-size: 14px; font-weight: 550; cursor: pointer; white-space: nowrap;
}
button:hover, select:hover { border-color: #8793a0; position: relative; }
button.main, a.main { border-color: var(--accent); background: var(--accent); color: #fff; }
button.main:hover, a.main:hover { background: var(--accent-deep); }
button.danger { border-color: #d9b3a0; color: var(--warn); }
button.danger:hover { background: var(--warn-tint); border-color: var(--warn); }
:focus-visible { outline: 3px solid #2c8f7d; outline-offset: 2px; position: relative; z-index: 1; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 392px; gap: 20px; align-items: start; }
.column { display: grid; gap: 20px; min-width: 0; }
.panel {
  padding: 20px 22px 22px; background: #fff; border: 1px solid var(--line); border-radius: 16px; min-width: 0;
  box-shadow: 0 1px 2px rgb(28 37 48 / 4%), 0 14px 32px -22px rgb(28 37 48 / 18%); overflow-wrap: anywhere;
}
.panel > header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 6px 16px; min-height: 36px; margin-bottom: 12px; }
.person + .person { margin-top: 22px; padding-top: 22px; border-top: 1px solid var(--line); }
.person > header { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 12px; margin-bottom: 14px; }
.who { flex: 1 1 160px; min-width: 0; }
.who small { display: block; }
.tile { width: 40px; height: 40px; flex: none; border-radius: 12px; display: grid; place-items: center; background: var(--ink); color: #fff; font-size: 14px; font-weight: 650; }
.gauges { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 24px; }
.gauge p { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 10px; font-size: 13px; color: var(--soft); }
.gauge b { font-weight: 600; color: var(--ink); font-variant-numeric: tabular-nums; }
.gauge.full b, .gauge.blocked b { color: var(--warn); }
.gauge .warning { margin-top: 5px; color: var(--warn); font-weight: 600; font-variant-numeric: tabular-nums; }
progress { -webkit-appearance: none; appearance: none; display: block; width: 100%; height: 8px; border: 0; border-radius: 4px; background: #e6ebea; overflow: hidden; color: var(--accent); }
progress::-webkit-progress-bar { background: #e6ebea; }
progress::-webkit-progress-value { background: var(--accent); border-radius: 4px; transition: inline-size 1s linear, width 1s linear; }
progress::-moz-progress-bar { background: var(--accent); border-radius: 4px; }
.gauge progress { margin-top: 4px; }
.full progress::-webkit-progress-value, .blocked progress::-webkit-progress-value, .low progress::-webkit-progress-value { background: #c2571f; }
.full progress::-moz-progress-bar, .blocked progress::-moz-progress-bar, .low progress::-moz-progress-bar { background: #c2571f; }
.grant { margin-top: 14px; padding: 14px 16px 16px; border-radius: 12px; background: var(--ground); }
.grant h4 { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; }
.grant h4 code { color: var(--ink); font-weight: 600; }
.grant h4 small { margin-left: auto; font-weight: 400; }
.scopes { display: flex; flex-wrap: wrap; gap: 0 12px; margin-bottom: 10px; }
.scopes code { font-size: 12.5px; }
.grant .none { margin-top: 12px; }
.lives { display: grid; grid-template-columns: repeat(auto-fill, minmax(232px, 1fr)); gap: 7px 28px; margin-top: 14px; padding-top: 13px; border-top: 1px solid var(--line); }
.life { display: grid; grid-template-columns: 62px 1fr 46px; align-items: center; gap: 10px; }
.left { font-size: 13px; text-align: right; font-variant-numeric: tabular-nums; }
.low .left { color: var(--warn); font-weight: 600; }
.counts { font-variant-numeric: tabular-nums; }
.entries { margin: 0 -22px -10px; border-top: 1px solid var(--line); max-height: 440px; overflow-y: auto; scrollbar-width: thin; }
.entries li { display: grid; grid-template-columns: 62px 30px minmax(0, 1fr) auto; align-items: baseline; gap: 4px 12px; padding: 7px 22px; font-size: 14px; }
.entries li + li { border-top: 1px solid #eef1f1; }
.entries time { font-size: 13px; font-weight: 400; white-space: nowrap; color: var(--soft); font-variant-numeric: tabular-nums; }
.place { justify-self: start; padding: 0 6px; border-radius: 6px; background: #eceff1; color: var(--soft); font: 600 12px/1.55 ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace; }
.entries p { line-height: 1.45; }
.entries p code { color: inherit; }
.entries p small { margin-left: 8px; }
.entries .issued p, .entries .ended p { color: var(--soft); padding-left: 14px; position: relative; }
.entries .issued p::before, .entries .ended p::before { content: ""; position: absolute; left: 0; top: 0.58em; width: 6px; height: 6px; border-radius: 50%; background: var(--accent); }
.entries .ended p::before { background: none; border: 1.5px solid #8793a0; }
.entries .alarm { background: var(--warn-tint); color: var(--warn); font-weight: 550; }
.entries .alarm .place { background: #f6dccd; color: var(--warn); }
.entries .alarm time { color: var(--warn); }
.outcome { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 4px 6px; }
.pill { padding: 0 9px; border-radius: 10px; font-size: 12.5px; line-height: 20px; font-weight: 600; white-space: nowrap; }
.pill.good { background: var(--tint); color: var(--accent-deep); }
.pill.bad { background: #f9e2d6; color: var(--warn); }
.pill.open { background: #eceff1; color: var(--soft); }
.pill.fault { background: #ece7f7; color: #533a91; }
.faults-on { display: grid; gap: 8px; margin-bottom: 18px; }
.faults-on li { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 10px 12px; border-radius: 12px; background: #f4f1fb; line-height: 1.35; }
.faults-on b { font-size: 14px; font-weight: 600; color: #45307a; }
.faults-on small { display: block; }
.faults-on .spent { background: var(--ground); }
.faults-on .spent b { color: var(--soft); font-weight: 500; }
.trouble { display: grid; grid-template-columns: 1fr 1fr; gap: 10px 12px; }
.faults .none { margin-bottom: 14px; }
.trouble label { display: grid; gap: 3px; font-size: 13px; color: var(--soft); min-width: 0; }
.trouble label:first-of-type { grid-column: 1 / -1; }
.trouble select { width: 100%; font-weight: 400; min-width: 0; padding: 6px 8px; text-overflow: ellipsis; }
.trouble button { align-self: end; }
dl { display: grid; gap: 9px; }
dt { font-size: 13px; color: var(--soft); }
dd code { display: block; color: var(--ink); }
dd summary { cursor: pointer; font-size: 14px; font-weight: 550; width: max-content; }
.client .gauge { margin-top: 16px; padding-top: 14px; border-top: 1px solid var(--line); }
.data-center + .data-center { margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line); }
.data-center h3 { display: flex; align-items: center; gap: 8px; }
.data-center dl { gap: 2px; margin-top: 6px; }
.data-center dl div { display: grid; grid-template-columns: 78px 1fr; align-items: baseline; gap: 8px; }
.data-center code { font-size: 12.5px; }
.steps { counter-reset: step; display: grid; gap: 18px; margin: 6px 0 24px; }
.steps li { counter-increment: step; position: relative; padding-left: 46px; min-height: 32px; }
.steps li::before { content: counter(step); position: absolute; left: 0; top: 0; width: 32px; height: 32px; border-radius: 50%; display: grid; place-items: center; background: var(--tint); color: var(--accent); font-weight: 650; }
.steps b { font-weight: 650; }
.steps p { color: var(--soft); }
.steps code { color: var(--ink); }
a.main { display: inline-flex; align-items: center; min-height: 42px; padding: 8px 18px; margin-left: 46px; text-decoration: none; border-radius: 12px; }
@media (max-width: 1000px) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 560px) {
  body { padding: 0 10px 20px; }
  .notice { margin: 0 -10px; }
  .head { padding: 20px 4px 18px; }
  .panel { padding: 16px 14px 18px; border-radius: 14px; }
  .gauges { grid-template-columns: 1fr; }
  .clock { width: 100%; }
  .pushes, .pushes form { flex: 1 1 auto; }
  .pushes button { width: 100%; padding: 6px 4px; }
  .head > form, .head > form button { width: 100%; }
  .entries { margin: 0 -14px -10px; }
  .entries li { grid-template-columns: auto auto 1fr; padding: 8px 14px; }
  .entries p { grid-column: 1 / -1; grid-row: 2; }
  .grant { margin-left: -4px; margin-right: -4px; padding: 12px; }
  .grant h4 small { margin-left: 0; width: 100%; }
  a.main { margin-left: 0; width: 100%; justify-content: center; }
}
`,
}

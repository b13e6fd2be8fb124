/** The layout around the cards: headings, clock, controls, columns and panels. */
export const layoutStyle = `
.notice {
  margin-bottom: 0;
}
main {
  width: 100%;
  max-width: 1320px;
  font-size: 15px;
}
h1,
h2,
h3,
h4,
p,
ul,
ol,
dl,
dd {
  margin: 0;
  padding: 0;
}
ul,
ol {
  list-style: none;
}
h1 {
  font-size: 25px;
  line-height: 1.2;
  font-weight: 650;
  letter-spacing: -0.015em;
}
h2 {
  font-size: 17px;
  font-weight: 650;
  letter-spacing: -0.008em;
}
h3 {
  font-size: 15px;
  font-weight: 650;
  line-height: 1.3;
}
h4 {
  font-size: 14px;
  font-weight: 600;
}
small,
.none {
  font-size: 13px;
  color: var(--soft);
}
.lost {
  align-self: stretch;
  margin: 16px auto 0;
  width: 100%;
  max-width: 1320px;
  padding: 10px 16px;
  border-radius: 12px;
  background: var(--warn-tint);
  color: var(--warn);
}
.head {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 14px 28px;
  padding: 26px 4px 22px;
}
.title {
  flex: 1 1 240px;
  color: var(--soft);
}
.title h1 {
  color: var(--ink);
}
.clock {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 10px 18px;
}
.time {
  font-size: 30px;
  font-weight: 650;
  line-height: 1;
  letter-spacing: -0.02em;
  font-variant-numeric: tabular-nums;
}
.date {
  font-size: 13px;
  line-height: 1.35;
  color: var(--soft);
  min-width: 168px;
}
.advances {
  display: flex;
}
.advances form + form {
  margin-left: -1px;
}
.advances button {
  border-radius: 0;
}
.advances form:first-child button {
  border-radius: 10px 0 0 10px;
}
.advances form:last-child button {
  border-radius: 0 10px 10px 0;
}
button,
select,
a.main {
  min-height: 36px;
  padding: 6px 13px;
  border: 1px solid #c3ccd3;
  border-radius: 10px;
  background: #fff;
  color: var(--ink);
  font: inherit;
  font-size: 14px;
  font-weight: 550;
  cursor: pointer;
  white-space: nowrap;
}
button:hover,
select:hover {
  border-color: #8793a0;
  position: relative;
}
button.main,
a.main {
  border-color: var(--accent);
  background: var(--accent);
  color: #fff;
}
button.main:hover,
a.main:hover {
  background: var(--accent-deep);
}
button.danger {
  border-color: #d9b3a0;
  color: var(--warn);
}
button.danger:hover {
  background: var(--warn-tint);
  border-color: var(--warn);
}
:focus-visible {
  outline: 3px solid #2c8f7d;
  outline-offset: 2px;
  position: relative;
  z-index: 1;
}
.columns {
  display: grid;
  grid-template-columns: minmax(0, 1fr) 392px;
  gap: 20px;
  align-items: start;
}
.column {
  display: grid;
  gap: 20px;
  min-width: 0;
}
.panel {
  padding: 20px 22px 22px;
  background: #fff;
  border: 1px solid var(--line);
  border-radius: 16px;
  min-width: 0;
  box-shadow:
    0 1px 2px rgb(28 37 48 / 4%),
    0 14px 32px -22px rgb(28 37 48 / 18%);
  overflow-wrap: anywhere;
}
.panel > header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 6px 16px;
  min-height: 36px;
  margin-bottom: 12px;
}
`

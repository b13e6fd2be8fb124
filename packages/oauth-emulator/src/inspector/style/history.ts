/** The list of journal entries and outcomes. */
export const historyStyle = `
.entries {
  margin: 0 -22px -10px;
  border-top: 1px solid var(--line);
  max-height: 440px;
  overflow-y: auto;
  scrollbar-width: thin;
}
.entries li {
  display: grid;
  grid-template-columns: 62px 30px minmax(0, 1fr) auto;
  align-items: baseline;
  gap: 4px 12px;
  padding: 7px 22px;
  font-size: 14px;
}
.entries li + li {
  border-top: 1px solid #eef1f1;
}
.entries time {
  font-size: 13px;
  font-weight: 400;
  white-space: nowrap;
  color: var(--soft);
  font-variant-numeric: tabular-nums;
}
.place {
  justify-self: start;
  padding: 0 6px;
  border-radius: 6px;
  background: #eceff1;
  color: var(--soft);
  font:
    600 12px/1.55 ui-monospace,
    'SF Mono',
    'Cascadia Mono',
    'DejaVu Sans Mono',
    monospace;
}
.entries p {
  line-height: 1.45;
}
.entries p code {
  color: inherit;
}
.entries p small {
  margin-left: 8px;
}
.entries .issued p,
.entries .ended p {
  color: var(--soft);
  padding-left: 14px;
  position: relative;
}
.entries .issued p::before,
.entries .ended p::before {
  content: '';
  position: absolute;
  left: 0;
  top: 0.58em;
  width: 6px;
  height: 6px;
  border-radius: 50%;
  background: var(--accent);
}
.entries .ended p::before {
  background: none;
  border: 1.5px solid #8793a0;
}
.entries .alarm {
  background: var(--warn-tint);
  color: var(--warn);
  font-weight: 550;
}
.entries .alarm .place {
  background: #f6dccd;
  color: var(--warn);
}
.entries .alarm time {
  color: var(--warn);
}
.outcome {
  display: flex;
  flex-wrap: wrap;
  justify-content: flex-end;
  gap: 4px 6px;
}
.pill {
  padding: 0 9px;
  border-radius: 10px;
  font-size: 12.5px;
  line-height: 20px;
  font-weight: 600;
  white-space: nowrap;
}
.pill.good {
  background: var(--tint);
  color: var(--accent-deep);
}
.pill.bad {
  background: #f9e2d6;
  color: var(--warn);
}
.pill.open {
  background: #eceff1;
  color: var(--soft);
}
.pill.fault {
  background: #ece7f7;
  color: #533a91;
}
`

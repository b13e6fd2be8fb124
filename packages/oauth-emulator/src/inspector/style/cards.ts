/** The cards of the faults, the client, the data centers and the first steps. */
export const cardsStyle = `
.faults-on {
  display: grid;
  gap: 8px;
  margin-bottom: 18px;
}
.faults-on li {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 12px;
  padding: 10px 12px;
  border-radius: 12px;
  background: #f4f1fb;
  line-height: 1.35;
}
.faults-on b {
  font-size: 14px;
  font-weight: 600;
  color: #45307a;
}
.faults-on small {
  display: block;
}
.faults-on .used-up {
  background: var(--ground);
}
.faults-on .used-up b {
  color: var(--soft);
  font-weight: 500;
}
.fault-form {
  display: grid;
  grid-template-columns: 1fr 1fr;
  gap: 10px 12px;
}
.faults .none {
  margin-bottom: 14px;
}
.fault-form label {
  display: grid;
  gap: 3px;
  font-size: 13px;
  color: var(--soft);
  min-width: 0;
}
.fault-form label:first-of-type {
  grid-column: 1 / -1;
}
.fault-form select {
  width: 100%;
  font-weight: 400;
  min-width: 0;
  padding: 6px 8px;
  text-overflow: ellipsis;
}
.fault-form button {
  align-self: end;
}
dl {
  display: grid;
  gap: 9px;
}
dt {
  font-size: 13px;
  color: var(--soft);
}
dd code {
  display: block;
  color: var(--ink);
}
dd summary {
  cursor: pointer;
  font-size: 14px;
  font-weight: 550;
  width: max-content;
}
.client .gauge {
  margin-top: 16px;
  padding-top: 14px;
  border-top: 1px solid var(--line);
}
.data-center + .data-center {
  margin-top: 16px;
  padding-top: 16px;
  border-top: 1px solid var(--line);
}
.data-center h3 {
  display: flex;
  align-items: center;
  gap: 8px;
}
.data-center dl {
  gap: 2px;
  margin-top: 6px;
}
.data-center dl div {
  display: grid;
  grid-template-columns: 78px 1fr;
  align-items: baseline;
  gap: 8px;
}
.data-center code {
  font-size: 12.5px;
}
.steps {
  counter-reset: step;
  display: grid;
  gap: 18px;
  margin: 6px 0 24px;
}
.steps li {
  counter-increment: step;
  position: relative;
  padding-left: 46px;
  min-height: 32px;
}
.steps li::before {
  content: counter(step);
  position: absolute;
  left: 0;
  top: 0;
  width: 32px;
  height: 32px;
  border-radius: 50%;
  display: grid;
  place-items: center;
  background: var(--tint);
  color: var(--accent);
  font-weight: 650;
}
.steps b {
  font-weight: 650;
}
.steps p {
  color: var(--soft);
}
.steps code {
  color: var(--ink);
}
a.main {
  display: inline-flex;
  align-items: center;
  min-height: 42px;
  padding: 8px 18px;
  margin-left: 46px;
  text-decoration: none;
  border-radius: 12px;
}
`

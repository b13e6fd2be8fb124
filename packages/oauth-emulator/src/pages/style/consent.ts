/** The style of the consent page: accounts, the environment and scopes. */
export const consentStyle = `
.account {
  display: flex;
  align-items: center;
  gap: 12px;
  padding: 11px 14px;
  border: 1px solid var(--line);
  border-radius: 12px;
}
label.account {
  cursor: pointer;
}
.account + .account {
  margin-top: 8px;
}
label.account:hover {
  border-color: #b4c2bf;
}
label.account:has(:checked) {
  border-color: var(--accent);
  background: var(--tint);
}
label.account:focus-within {
  outline: 3px solid #2c8f7d;
  outline-offset: 1px;
}
.account input {
  flex: none;
  width: 18px;
  height: 18px;
  margin: 0;
  accent-color: var(--accent);
}
.account input:focus {
  outline: none;
}
.environment {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 12px;
  margin-top: 16px;
  font-size: 14px;
  font-weight: 600;
  color: var(--soft);
}
.environment select {
  padding: 8px 12px;
  border: 1px solid var(--line);
  border-radius: 10px;
  background: #fff;
  color: var(--ink);
  font: inherit;
}
.environment select:focus-visible {
  outline: 3px solid #2c8f7d;
  outline-offset: 1px;
}
.who {
  flex: 1;
  min-width: 0;
  line-height: 1.35;
}
.who b {
  font-weight: 600;
}
.who small {
  font-size: 14px;
  color: var(--soft);
  display: block;
}
.place {
  flex: none;
  font-size: 13px;
  line-height: 1.4;
  color: var(--soft);
  text-align: right;
}
.scopes {
  list-style: none;
  margin: 0;
  padding: 4px 16px;
  border: 1px solid var(--line);
  border-radius: 12px;
}
.scopes li {
  padding: 9px 0 9px 28px;
  position: relative;
  line-height: 1.4;
}
.scopes li + li {
  border-top: 1px solid var(--line);
}
.scopes li::before {
  content: '';
  position: absolute;
  left: 4px;
  top: 13px;
  width: 12px;
  height: 7px;
  border: solid var(--accent);
  border-width: 0 0 2.5px 2.5px;
  transform: rotate(-45deg);
}
.scopes code {
  display: block;
  font-size: 12.5px;
}
`

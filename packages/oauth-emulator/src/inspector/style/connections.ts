/** Users and their connections: gauges, bars, grants and access tokens. */
export const connectionsStyle = `
.person + .person {
  margin-top: 22px;
  padding-top: 22px;
  border-top: 1px solid var(--line);
}
.person > header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 10px 12px;
  margin-bottom: 14px;
}
.who {
  flex: 1 1 160px;
  min-width: 0;
}
.who small {
  display: block;
}
.tile {
  width: 40px;
  height: 40px;
  flex: none;
  border-radius: 12px;
  display: grid;
  place-items: center;
  background: var(--ink);
  color: #fff;
  font-size: 14px;
  font-weight: 650;
}
.gauges {
  display: grid;
  grid-template-columns: 1fr 1fr;
  gap: 10px 24px;
}
.gauge p {
  display: flex;
  flex-wrap: wrap;
  justify-content: space-between;
  gap: 0 10px;
  font-size: 13px;
  color: var(--soft);
}
.gauge b {
  font-weight: 600;
  color: var(--ink);
  font-variant-numeric: tabular-nums;
}
.gauge.full b,
.gauge.blocked b {
  color: var(--warn);
}
.gauge .warning {
  margin-top: 5px;
  color: var(--warn);
  font-weight: 600;
  font-variant-numeric: tabular-nums;
}
progress {
  -webkit-appearance: none;
  appearance: none;
  display: block;
  width: 100%;
  height: 8px;
  border: 0;
  border-radius: 4px;
  background: #e6ebea;
  overflow: hidden;
  color: var(--accent);
}
progress::-webkit-progress-bar {
  background: #e6ebea;
}
progress::-webkit-progress-value {
  background: var(--accent);
  border-radius: 4px;
  transition:
    inline-size 1s linear,
    width 1s linear;
}
progress::-moz-progress-bar {
  background: var(--accent);
  border-radius: 4px;
}
.gauge progress {
  margin-top: 4px;
}
.full progress::-webkit-progress-value,
.blocked progress::-webkit-progress-value,
.low progress::-webkit-progress-value {
  background: #c2571f;
}
.full progress::-moz-progress-bar,
.blocked progress::-moz-progress-bar,
.low progress::-moz-progress-bar {
  background: #c2571f;
}
.grant {
  margin-top: 14px;
  padding: 14px 16px 16px;
  border-radius: 12px;
  background: var(--ground);
}
.grant h4 {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  gap: 0 8px;
}
.grant h4 code {
  color: var(--ink);
  font-weight: 600;
}
.grant h4 small {
  margin-left: auto;
  font-weight: 400;
}
.scopes {
  display: flex;
  flex-wrap: wrap;
  gap: 0 12px;
  margin-bottom: 10px;
}
.scopes code {
  font-size: 12.5px;
}
.grant .none {
  margin-top: 12px;
}
.access-tokens {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(232px, 1fr));
  gap: 7px 28px;
  margin-top: 14px;
  padding-top: 13px;
  border-top: 1px solid var(--line);
}
.life {
  display: grid;
  grid-template-columns: 62px 1fr 46px;
  align-items: center;
  gap: 10px;
}
.left {
  font-size: 13px;
  text-align: right;
  font-variant-numeric: tabular-nums;
}
.low .left {
  color: var(--warn);
  font-weight: 600;
}
.counts {
  font-variant-numeric: tabular-nums;
}
`

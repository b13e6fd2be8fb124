/** Overrides for narrow windows. They must come after all other rules. */
export const narrowStyle = `
@media (max-width: 1000px) {
  .columns {
    grid-template-columns: minmax(0, 1fr);
  }
}
@media (max-width: 560px) {
  body {
    padding: 0 10px 20px;
  }
  .notice {
    margin: 0 -10px;
  }
  .head {
    padding: 20px 4px 18px;
  }
  .panel {
    padding: 16px 14px 18px;
    border-radius: 14px;
  }
  .gauges {
    grid-template-columns: 1fr;
  }
  .clock {
    width: 100%;
  }
  .advances,
  .advances form {
    flex: 1 1 auto;
  }
  .advances button {
    width: 100%;
    padding: 6px 4px;
  }
  .head > form,
  .head > form button {
    width: 100%;
  }
  .entries {
    margin: 0 -14px -10px;
  }
  .entries li {
    grid-template-columns: auto auto 1fr;
    padding: 8px 14px;
  }
  .entries p {
    grid-column: 1 / -1;
    grid-row: 2;
  }
  .grant {
    margin-left: -4px;
    margin-right: -4px;
    padding: 12px;
  }
  .grant h4 small {
    margin-left: 0;
    width: 100%;
  }
  a.main {
    margin-left: 0;
    width: 100%;
    justify-content: center;
  }
}
`

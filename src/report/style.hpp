// Private to report/: the page's style sheet, light or dark as the reader's system is.
#pragma once

namespace millrace {

inline constexpr const char* kStyle = R"css(
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #ffffff; --ink: #1d2430; --quiet: #667085;
  --line: #e4e7ec; --s0: #2563a8; --s1: #d9762b; --s2: #5a8f3d; --good: #1c7c4a; --warn: #9a6700; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171c; --card: #1c2027; --ink: #e6e9ee; --quiet: #98a2b3;
  --line: #2f3540; --s0: #6aa5e0; --s1: #eda066; --s2: #97c77a; --good: #5cc68d; --warn: #e0b04c; --bad: #f28b82; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 2px; } h2 { font-size: 18px; margin: 38px 0 12px; } h3 { font-size: 15px; margin: 0; }
p { margin: 6px 0; } .quiet, .label { color: var(--quiet); } .wrap { overflow-wrap: anywhere; }
nav { margin-top: 14px; } nav a { color: var(--s0); text-decoration: none; margin-right: 16px; }
.badge { display: inline-block; padding: 1px 10px; border-radius: 10px; font-size: 13px; font-weight: 600;
  border: 1px solid currentColor; margin-right: 6px; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .plain { color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: 12px; margin-top: 16px; }
.fact { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; min-width: 110px; }
.fact b { display: block; font-size: 20px; font-variant-numeric: tabular-nums; } .fact span { color: var(--quiet); font-size: 13px; }
.error { border-left: 4px solid var(--bad); background: var(--card); padding: 10px 14px; margin-top: 14px; white-space: pre-wrap; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 600; color: var(--quiet); }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.figure { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px; overflow-x: auto; }
details summary { cursor: pointer; color: var(--quiet); margin: 8px 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 16px; margin-top: 14px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(255px, 100%), 1fr)); gap: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; font-size: 13px; min-width: 0; }
.card header { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; }
.card table { font-size: 12px; } .card td { padding: 1px 0; border: 0; } .card p { margin: 3px 0; }
.chart { width: 100%; height: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.chart text { font-size: 12px; fill: var(--quiet); } .chart path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart .grid { stroke: var(--line); } .chart .diagonal, .chart .mark { stroke: var(--quiet); stroke-dasharray: 4 4; }
.chart path.s0 { stroke: var(--s0); } .chart path.s1 { stroke: var(--s1); } .chart path.s2 { stroke: var(--s2); }
.chart circle.s0, .chart text.s0 { fill: var(--s0); } .chart circle.s1, .chart text.s1 { fill: var(--s1); }
.chart circle.s2, .chart text.s2 { fill: var(--s2); }
.histogram { width: 100%; height: 60px; margin-top: 8px; border-bottom: 1px solid var(--line); } .histogram rect { fill: var(--s0); }
.pairs rect.before { opacity: 0.35; } .pairs rect.now { fill: var(--s1); }
.ends { display: flex; justify-content: space-between; color: var(--quiet); font-size: 12px; }
.bar { position: relative; margin: 3px 0; padding: 0 6px; display: flex; justify-content: space-between; gap: 8px; }
.bar i { position: absolute; inset: 0 auto 0 0; background: var(--s0); opacity: 0.2; border-radius: 3px; }
.bar span { position: relative; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar span:last-child { flex: none; }
.time { display: flex; height: 22px; border-radius: 6px; overflow: hidden; margin-bottom: 12px; background: var(--line); }
.time div { background: var(--s0); border-right: 1px solid var(--paper); } .time div:nth-child(3n+2) { background: var(--s1); }
.time div:nth-child(3n) { background: var(--s2); }
)css";

}  // namespace millrace

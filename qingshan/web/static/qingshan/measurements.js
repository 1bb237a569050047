"use strict";
// Series of a site, its hours of the day, a gauge's curve; a gap stays a gap. The same numbers stand as tables beside them.
addEventListener("DOMContentLoaded", () => {
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(name).trim();
  const line = { lineStyle: { color: ink("--line") } };
  const label = { color: ink("--soft"), hideOverlap: true };
  const colours = [ink("--qing"), ink("--ink")];

  const axis = (told) => {
    if (told.hours) return { type: "category", data: told.lines[0].rows.map(([hour]) => hour), axisLine: line, axisLabel: label };
    return { type: told.curve ? "value" : "time", scale: true, axisLine: line, axisLabel: told.curve ? { ...label, formatter: `{value} ${told.curve}` } : label, splitLine: { show: false } };
  };
  const dated = (told) => !told.hours && !told.curve;
  const zoom = (told) => (dated(told) ? [{ type: "slider", height: 18, bottom: 4, borderColor: ink("--line"), fillerColor: "rgba(31,122,109,.12)", showDetail: false, showDataShadow: false, moveHandleSize: 0 }] : []);
  const point = (told) => ([at, value, below]) => ({ value: [told.curve ? Number(at) : String(at), value === null ? null : Number(value)], text: `${below ?? ""}${value}` });
  const named = (words, colour) => ({ show: true, formatter: words, color: colour, distance: 4 });
  const series = (told) => told.lines.map((one, no) => ({
    type: told.bars ? "bar" : "line", name: one.name, color: colours[no], symbolSize: one.rows.length > 120 ? 0 : 4, connectNulls: false, barMaxWidth: 6,
    lineStyle: { width: 1.3, type: told.simulated ? [4, 2] : "solid" }, endLabel: told.lines.length > 1 ? named(one.name, colours[no]) : { show: false },
    data: one.rows.map(point(told)),
  }));
  const limit = (told) => ([words, value]) => ({
    type: "line", name: words, symbol: "none", silent: true, tooltip: { show: false }, color: ink("--off_track"),
    lineStyle: { type: "dashed", width: 1, color: ink("--off_track") }, endLabel: named(`${words} ${value}`, ink("--off_track")),
    data: [told.lines[0].rows[0], told.lines[0].rows.at(-1)].map(([at]) => [String(at), Number(value)]),
  });

  function draw(place) {
    const told = JSON.parse(document.getElementById(place.dataset.from).textContent);
    if (!told.lines.length || !told.lines[0].rows.length) return;
    const chart = echarts.init(place, null, { renderer: "svg" });
    const name = ({ seriesName }) => (told.lines.length > 1 ? `${seriesName} ` : "");
    const said = (one) => `${one.data.value[0]}  ${name(one)}${one.data.value[1] === null ? told.words.missing : `${one.data.text} ${told.unit}`}${told.simulated ? ` · ${told.words.simulated}` : ""}`;
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink("--soft") },
      grid: { left: 46, right: told.limits.length || told.lines.length > 1 ? 84 : 14, top: 28, bottom: dated(told) ? 52 : 26 },
      tooltip: { trigger: "axis", confine: true, renderMode: "richText", formatter: (points) => points.filter((one) => one.data.text).map(said).join("\n") },
      xAxis: axis(told),
      yAxis: { type: "value", name: told.unit, nameTextStyle: { align: "left", color: ink("--soft") }, scale: !told.bars, splitLine: line, axisLabel: { color: ink("--soft") } },
      dataZoom: zoom(told),
      series: [...series(told), ...told.limits.map(limit(told))],
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  for (const place of document.querySelectorAll(".measured")) draw(place);
});

"use strict";
// Series of a site and its hours of the day; a gap stays a gap. The same numbers stand as tables beside them.
addEventListener("DOMContentLoaded", () => {
  if (!window.echarts) return;
  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(name).trim();
  const line = { lineStyle: { color: ink("--line") } };
  const label = { color: ink("--soft"), hideOverlap: true };

  const axis = (told) => (told.hours
    ? { type: "category", data: told.rows.map(([hour]) => hour), axisLine: line, axisLabel: label }
    : { type: "time", axisLine: line, axisLabel: label });
  const zoom = (told) => (told.hours ? [] : [{ type: "slider", height: 18, bottom: 4, borderColor: ink("--line"), fillerColor: "rgba(31,122,109,.12)", showDetail: false, showDataShadow: false, moveHandleSize: 0 }]);
  const point = ([at, value, below]) => ({ value: [String(at), value === null ? null : Number(value)], text: `${below ?? ""}${value}` });
  const limit = (told, value) => ({
    type: "line", name: told.words.limit, symbol: "none", silent: true, tooltip: { show: false }, lineStyle: { type: "dashed", width: 1, color: ink("--ink") },
    data: [told.rows[0], told.rows.at(-1)].map(([at]) => [String(at), Number(value)]),
  });

  function draw(place) {
    const told = JSON.parse(document.getElementById(place.dataset.from).textContent);
    if (!told.rows.length) return;
    const chart = echarts.init(place, null, { renderer: "svg" });
    const said = ({ data }) => `${data.value[0]}  ${data.value[1] === null ? told.words.missing : `${data.text} ${told.unit}`}${told.simulated ? ` · ${told.words.simulated}` : ""}`;
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink("--soft") },
      grid: { left: 42, right: 12, top: 28, bottom: told.hours ? 26 : 52 },
      tooltip: { trigger: "axis", confine: true, renderMode: "richText", formatter: (points) => points.filter((one) => one.data.text).map(said).join("\n") },
      xAxis: axis(told),
      yAxis: { type: "value", name: told.unit, nameTextStyle: { align: "left", color: ink("--soft") }, scale: true, splitLine: line, axisLabel: { color: ink("--soft") } },
      dataZoom: zoom(told),
      series: [
        { type: "line", name: told.name, color: ink("--qing"), symbolSize: told.rows.length > 120 ? 0 : 4, connectNulls: false, lineStyle: { width: 1.3, type: told.simulated ? [4, 2] : "solid" }, data: told.rows.map(point) },
        ...told.limits.map((value) => limit(told, value)),
      ],
    });
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  for (const place of document.querySelectorAll(".measured")) draw(place);
});

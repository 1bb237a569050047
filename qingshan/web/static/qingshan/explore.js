"use strict";
// The rows behind a value, to zoom into. The same numbers stand as a table in the value's way back.
addEventListener("DOMContentLoaded", () => {
  const place = document.getElementById("explore");
  const given = document.getElementById("explore-data");
  if (!place || !given || !window.echarts) return;
  const { series, words } = JSON.parse(given.textContent);
  const style = getComputedStyle(document.documentElement);
  const ink = (name) => style.getPropertyValue(name).trim();
  const colours = [ink("--ink"), ink("--qing")];
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink("--soft") },
    grid: { left: 44, right: 12, top: 30, bottom: 62 },
    tooltip: {
      trigger: "axis", confine: true, renderMode: "richText",
      formatter: (points) => points.map((p) => `${p.data.period}  ${p.data.text} ${series[p.seriesIndex].unit}${series[p.seriesIndex].simulated ? ` · ${words.simulated}` : ""}`).join("\n"),
    },
    xAxis: { type: "time", axisLine: { lineStyle: { color: ink("--line") } }, axisLabel: { color: ink("--soft"), hideOverlap: true } },
    yAxis: { type: "value", name: series[0].unit, nameTextStyle: { align: "left", color: ink("--soft") }, scale: true,
      splitLine: { lineStyle: { color: ink("--line") } }, axisLabel: { color: ink("--soft") } },
    dataZoom: [{ type: "slider", height: 22, bottom: 8, borderColor: ink("--line"), fillerColor: "rgba(31,122,109,.12)", showDetail: false,
      handleStyle: { color: "#fff", borderColor: ink("--qing") }, moveHandleSize: 0, dataBackground: { lineStyle: { color: ink("--faint") }, areaStyle: { opacity: 0 } },
      selectedDataBackground: { lineStyle: { color: ink("--qing") }, areaStyle: { opacity: 0 } } }],
    series: series.map((one, place) => ({
      type: "line", name: one.name, symbolSize: 4, color: colours[place % 2], lineStyle: { width: 1.4, type: one.simulated ? "dashed" : "solid" },
      data: one.rows.map(([on, value, period]) => ({ value: [on, Number(value)], text: value, period })),
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(place);
});

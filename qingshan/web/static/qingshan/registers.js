"use strict";
// Maps, previews and what a choice may be; lists, filters and forms work without this file.
(() => {
  const GROUND = { zoomControl: true, attributionControl: true, minZoom: 3, maxZoom: 18 };
  const STEPS = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const shown = (count) => Number(count).toLocaleString("en");

  // A plain ground with meridians and parallels, and a scale; tiles only where the site names some.
  function ground(place) {
    const map = L.map(place, { ...GROUND, zoomSnap: place.dataset.tiles ? 1 : 0.25 });
    map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(map);
    if (place.dataset.tiles) {
      const text = document.createElement("span");
      text.textContent = place.dataset.attribution;
      L.tileLayer(place.dataset.tiles, { attribution: text.innerHTML, maxZoom: 18 }).addTo(map);
    }
    const lines = L.layerGroup().addTo(map);
    const draw = () => graticule(map, lines);
    map.on("moveend", draw);
    return map;
  }

  function graticule(map, lines) {
    lines.clearLayers();
    const box = map.getBounds();
    const wide = box.getEast() - box.getWest();
    const step = STEPS.find((one) => wide / one >= 3) ?? STEPS.at(-1);
    const places = Math.max(0, -Math.floor(Math.log10(step)));
    const style = { color: "#b9b4a4", weight: 0.6, interactive: false };
    const label = (at, text) => lines.addLayer(L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "graticule-label", html: "", iconSize: [0, 0] }) }).on("add", (event) => { event.target.getElement().textContent = text; }));
    for (let lon = Math.ceil(box.getWest() / step) * step; lon < box.getEast(); lon += step) {
      lines.addLayer(L.polyline([[box.getSouth(), lon], [box.getNorth(), lon]], style));
      label([box.getNorth(), lon], `${lon.toFixed(places)}°`);
    }
    for (let lat = Math.ceil(box.getSouth() / step) * step; lat < box.getNorth(); lat += step) {
      lines.addLayer(L.polyline([[lat, box.getWest()], [lat, box.getEast()]], style));
      label([lat, box.getWest()], `${lat.toFixed(places)}°`);
    }
  }

  function icon(style, simulated) {
    const mark = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#mark-${style}`);
    mark.setAttribute("viewBox", "0 0 14 14");
    mark.append(use);
    return L.divIcon({ className: `state-icon ${style}${simulated ? " made-up" : ""}`, html: mark, iconSize: [14, 14] });
  }

  const colour = (style) => {
    const probe = document.createElement("i");
    probe.className = style;
    document.body.append(probe);
    const found = getComputedStyle(probe).getPropertyValue("--state").trim();
    probe.remove();
    return found || "#56625e";
  };
  const DASHES = { "way-0": "2 4", "way-1": "6 4", "way-2": "10 4 2 4", "way-3": "12 3", "way-4": "1 5" };
  const path = (style) => ({ color: colour(style), weight: 2, fillOpacity: 0.18, dashArray: DASHES[style] ?? null });

  // Where the district is, for what has no place yet.
  const district = (map, { bbox }) => (bbox ? map.fitBounds([[bbox[1], bbox[0]], [bbox[3], bbox[2]]], { animate: false }) : map.fitWorld());

  // What the list shows, drawn; squares with numbers where there is too much of it.
  function listed(place) {
    const map = ground(place);
    const layer = L.layerGroup().addTo(map);
    const note = document.querySelector(".map-note [role=status]");
    const within = document.querySelector(".map-note .within");
    let first = true;
    let asked = 0;
    const query = () => new URLSearchParams(document.getElementById("list").dataset.query);
    const view = () => { const box = map.getBounds(); return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(6)).join(","); };

    async function load(whole) {
      const turn = (asked += 1);
      const wanted = query();
      if (whole) wanted.delete("view"); else wanted.set("view", view());
      try {
        const answer = await fetch(`${place.dataset.rows}?${wanted}`);
        const found = await answer.json();
        if (turn !== asked) return;
        if (!answer.ok) throw new Error(found.error);
        draw(found, whole);
      } catch (failed) {
        note.textContent = place.dataset.wordsFailed;
      }
    }

    function draw(found, whole) {
      layer.clearLayers();
      const drawn = L.geoJSON(found, { pointToLayer: (one, at) => L.marker(at, { icon: icon(one.properties.style, one.properties.simulated), title: one.properties.title, alt: one.properties.title, keyboard: false }),
        style: (one) => (one.properties.rows ? { color: "#8a938f", weight: 0.5, fillColor: "#1f7a6d", fillOpacity: Math.min(0.5, 0.08 + Math.log10(one.properties.rows) / 9) } : path(one.properties.style)),
        onEachFeature: (one, shape) => tell(one.properties, shape) });
      layer.addLayer(drawn);
      note.textContent = found.whole ? "" : place.dataset.wordsSquares;
      if (whole && found.features.length) map.fitBounds(drawn.getBounds().pad(0.08), { maxZoom: 15, animate: false });
      else if (first && !found.features.length) district(map, found);
      first = false;
    }

    function tell(told, shape) {
      if (told.rows) {
        const words = fill(told.more ? place.dataset.wordsMore : place.dataset.wordsRows, { rows: shown(told.rows) });
        shape.on("click", () => map.fitBounds(shape.getBounds()));
        layer.addLayer(L.marker(shape.getBounds().getCenter(), { interactive: false, keyboard: false, icon: L.divIcon({ className: "square-count", html: "", iconSize: [80, 18] }) }).on("add", (event) => { event.target.getElement().textContent = words; }));
        return;
      }
      const link = document.createElement("a");
      link.href = told.address;
      link.textContent = told.title;
      const said = document.createElement("div");
      said.append(link, document.createElement("br"), told.state);
      shape.bindPopup(said);
    }

    map.on("moveend", () => {
      if (first) return;
      load(false);
      const wanted = query();
      wanted.set("box", view());
      within.href = `${place.dataset.list}?${wanted}`;
      within.hidden = false;
    });
    document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "list") load(true); });
    const box = query().get("box");
    if (box) {
      const [west, south, east, north] = box.split(",").map(Number);
      first = false;
      map.fitBounds([[south, west], [north, east]], { animate: false });
    } else load(true);
  }

  // A place that says something of itself, and leads to its page; the page lists the same.
  function siteMark(told, at) {
    const mark = document.createElement("span");
    mark.textContent = told.short;
    const link = document.createElement("a");
    link.href = told.address;
    link.textContent = told.title;
    return L.marker(at, { icon: L.divIcon({ className: `site-mark ${told.look}`, html: mark, iconSize: told.short ? [34, 20] : [13, 13] }), title: told.title, alt: told.title, keyboard: false }).bindPopup(link);
  }

  function one(place) {
    const map = ground(place);
    const shape = JSON.parse(document.getElementById(place.dataset.shape).textContent);
    const style = place.dataset.style;
    const marked = (point, at) => (point.properties?.address ? siteMark(point.properties, at) : L.marker(at, { icon: icon(style, false), interactive: false, keyboard: false }));
    const drawn = L.geoJSON(shape, { pointToLayer: marked, style: () => path(style) }).addTo(map);
    map.fitBounds(drawn.getBounds().pad(shape.features?.length > 1 ? 0.08 : 0.3), { maxZoom: 14, animate: false });
  }

  function picking(place) {
    const map = ground(place);
    const lon = document.querySelector("input[name=lon]");
    const lat = document.querySelector("input[name=lat]");
    let mark = null;
    const show = () => {
      const at = [parseFloat(lat.value), parseFloat(lon.value)];
      if (at.some(Number.isNaN)) return;
      mark = mark ?? L.marker(at, { icon: icon("way-3", false), keyboard: false }).addTo(map);
      mark.setLatLng(at);
      map.setView(at, Math.max(map.getZoom() ?? 0, 14), { animate: false });
    };
    map.on("click", ({ latlng }) => { lon.value = latlng.lng.toFixed(6); lat.value = latlng.lat.toFixed(6); show(); });
    for (const input of [lon, lat]) input.addEventListener("change", show);
    show();
    if (mark) return;
    fetch(place.dataset.view).then((answer) => answer.json()).then((found) => {
      const drawn = L.geoJSON(found);
      if (found.features.length) map.fitBounds(drawn.getBounds().pad(0.1), { animate: false }); else district(map, found);
    }).catch(() => map.fitWorld());
  }

  addEventListener("DOMContentLoaded", () => {
    if (window.L) {
      for (const place of document.querySelectorAll(".map")) {
        if (place.dataset.rows) listed(place);
        else if (place.dataset.shape) one(place);
        else if (place.matches(".pick-map")) picking(place);
      }
    }
    for (const button of document.querySelectorAll(".print-page")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
  });

  // A file too large is told before it is sent; pictures are shown.
  const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(1);
  document.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const form = event.target.closest("form[data-limit]");
    if (!form) return;
    const files = [...event.target.files];
    const large = files.find((one) => one.size > form.dataset.limit * 2 ** 20);
    const told = form.querySelector(".too-large");
    told.hidden = !large;
    told.textContent = large ? fill(told.dataset.words, { name: large.name, size: megabytes(large.size) }) : "";
    form.querySelector("button").disabled = Boolean(large);
    const preview = form.querySelector(".preview");
    if (!preview) return;
    preview.replaceChildren(...files.filter((one) => one.type.startsWith("image/")).map((one) => {
      const image = document.createElement("img");
      image.src = URL.createObjectURL(one);
      image.alt = one.name;
      return image;
    }));
    preview.hidden = !preview.childElementCount;
  });
})();

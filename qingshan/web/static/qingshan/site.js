"use strict";
// Takes a point, or the corners of an area, from a map into the form; the form works without it.
(() => {
  const place = document.getElementById("site-map");
  if (!place || !window.L) return;
  const field = (name) => document.querySelector(`.site-form [name="${name}"]`);
  const map = L.map(place, { minZoom: 3, maxZoom: 18 }).setView([31, 121], 5);
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false }).addTo(map);
  if (place.dataset.tiles) {
    const text = document.createElement("span");
    text.textContent = place.dataset.attribution;
    L.tileLayer(place.dataset.tiles, { attribution: text.innerHTML, maxZoom: 18 }).addTo(map);
  }
  const drawing = L.layerGroup().addTo(map);
  const area = document.getElementById("draw-area");
  const clear = document.getElementById("draw-clear");
  let corners = [];

  const spot = (at) => L.circleMarker(at, { radius: 6, color: "#b4381f", weight: 2 });
  const onArea = () => area.getAttribute("aria-pressed") === "true";
  const stateDatum = () => { const box = document.querySelector('.site-form [name="datum"][value="wgs84"]'); if (box) box.checked = true; };

  function draw() {
    drawing.clearLayers();
    corners.forEach((at) => drawing.addLayer(spot(at)));
    if (corners.length > 2) drawing.addLayer(L.polygon(corners, { color: "#b4381f", weight: 2 }));
  }

  function fill() {
    const round = (number) => Number(number.toFixed(6));
    const ring = corners.map((at) => [round(at.lng), round(at.lat)]);
    field("shape").value = ring.length > 2 ? JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] }) : "";
  }

  map.on("click", ({ latlng }) => {
    stateDatum();
    if (field("shape") && onArea()) {
      corners.push(latlng);
      fill();
    } else {
      corners = [latlng];
      field("lon").value = latlng.lng.toFixed(6);
      field("lat").value = latlng.lat.toFixed(6);
      if (field("shape")) field("shape").value = "";
    }
    draw();
  });
  if (area) {
    area.hidden = clear.hidden = false;
    area.addEventListener("click", () => { area.setAttribute("aria-pressed", String(!onArea())); corners = []; draw(); });
    clear.addEventListener("click", () => { corners = []; ["lon", "lat", "shape"].forEach((name) => { field(name).value = ""; }); draw(); });
  }

  const here = document.getElementById("here");
  if (here && navigator.geolocation) {
    const told = document.getElementById("here-told");
    here.hidden = false;
    here.addEventListener("click", () => navigator.geolocation.getCurrentPosition(({ coords }) => {
      stateDatum();
      field("lon").value = coords.longitude.toFixed(6);
      field("lat").value = coords.latitude.toFixed(6);
      corners = [L.latLng(coords.latitude, coords.longitude)];
      told.textContent = `± ${Math.round(coords.accuracy)} m`;
      draw();
      map.setView(corners[0], 15);
    }, () => { told.textContent = told.dataset.refused; }, { enableHighAccuracy: true, timeout: 15000 }));
  }

  const seen = L.layerGroup().addTo(map);
  if (!place.dataset.rows) return;
  fetch(place.dataset.rows).then((answer) => answer.json()).then((found) => {
    const drawn = L.geoJSON(found, { pointToLayer: (one, at) => L.circleMarker(at, { radius: 4, color: "#56625e" }), style: { color: "#56625e", weight: 1.5, dashArray: "6 4", fillOpacity: 0.06 }, interactive: false });
    seen.addLayer(drawn);
    if (found.features.length && !corners.length) map.fitBounds(drawn.getBounds().pad(0.1), { animate: false });
  }).catch(() => {});
})();

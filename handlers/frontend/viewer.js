// Shows a drawing and how far a case has come in it.
//
//   <div data-xml-url="/…/xml" data-state-url="/…/replay" role="region" aria-label="Схема процедуры"></div>
//
// data-xml-url    where the BPMN file is; data-state-url (optional) answers {"elements": {id: {"state", "count"}}, "at": [id, …]}
// data-ready      set when the drawing stands and its states are marked; its value is the number of import warnings
// data-failed     set instead, with the reason, when it could not be drawn
// event "kes:state" on the element, detail = the same object as above: marks another moment (replay)
// The first view shows the elements `at`, at a readable scale; without them, or where it fits, the whole drawing.
// buttons [data-zoom="in|out|fit"] with data-for = the element's id

import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import './viewer.css';

const MARKS = {
  completed: 'state-done',
  done: 'state-done',
  active: 'state-current',
  current: 'state-current',
  ready: 'state-current',
  started: 'state-current',
  waiting: 'state-current',
  cancelled: 'state-cancelled',
  error: 'state-failed',
  incident: 'state-failed',
};
const FONT = '"Golos Text", sans-serif';
const WATERMARK = 40; // pixels kept free below the drawing, so that bpmn.io's mark covers nothing
const READABLE = 0.8; // the least scale of the first view of a case

async function fetchText(url, accept) {
  const response = await fetch(url, { headers: { Accept: accept }, credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}

function wholeScale({ inner, outer }) {
  return Math.min(outer.width / (inner.width + 40), (outer.height - WATERMARK) / (inner.height + 40), 1.5);
}

function fit(viewer) {
  const canvas = viewer.get('canvas');
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  const scale = wholeScale({ inner, outer });
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({
    x: inner.x + inner.width / 2 - width / 2,
    y: inner.y + inner.height / 2 - (height - WATERMARK / scale) / 2,
    width,
    height,
  });
}

function surround(shapes) {
  const left = Math.min(...shapes.map(({ x }) => x));
  const top = Math.min(...shapes.map(({ y }) => y));
  const width = Math.max(...shapes.map((shape) => shape.x + shape.width)) - left;
  const height = Math.max(...shapes.map((shape) => shape.y + shape.height)) - top;
  return { x: left + width / 2, y: top + height / 2, width, height };
}

// Where the case stands, large enough to be read; the whole drawing where that is readable, or nothing is current.
function focus(viewer, at) {
  const canvas = viewer.get('canvas');
  const { inner, outer } = canvas.viewbox();
  const registry = viewer.get('elementRegistry');
  const shapes = (at ?? []).map((id) => registry.get(id)).filter((shape) => shape && shape.width);
  if (!shapes.length || !outer.width || wholeScale({ inner, outer }) >= READABLE) {
    fit(viewer);
    return;
  }
  const width = outer.width / READABLE;
  const height = outer.height / READABLE;
  const all = surround(shapes);
  const fits = all.width + 40 <= width && all.height + 40 <= height;
  const { x, y } = fits ? all : surround(shapes.slice(0, 1));
  canvas.viewbox({ x: x - width / 2, y: y - (height - WATERMARK / READABLE) / 2, width, height });
}

function mark(viewer, state) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  const classes = new Set(Object.values(MARKS));
  registry.forEach((element) => classes.forEach((name) => canvas.removeMarker(element, name)));
  overlays.remove({ type: 'state-count' });
  for (const [id, { state: name, count }] of Object.entries(state.elements ?? {})) {
    if (!registry.get(id)) continue;
    const marker = MARKS[String(name).toLowerCase()];
    if (marker) canvas.addMarker(id, marker);
    if (count > 1) {
      const badge = document.createElement('div');
      badge.className = 'state-count';
      badge.textContent = `×${count}`;
      overlays.add(id, 'state-count', { position: { top: -10, right: 14 }, html: badge });
    }
  }
  for (const id of Array.isArray(state.at) ? state.at : []) {
    if (!registry.get(id)) continue;
    canvas.removeMarker(id, 'state-done');
    canvas.addMarker(id, 'state-current');
  }
}

function bindZoom(viewer, element, view) {
  for (const button of document.querySelectorAll(`[data-zoom][data-for="${CSS.escape(element.id)}"]`)) {
    button.addEventListener('click', () => {
      if (button.dataset.zoom === 'fit') {
        view.show = () => fit(viewer);
        view.show();
      } else viewer.get('zoomScroll').stepZoom(button.dataset.zoom === 'in' ? 1 : -1);
    });
  }
}

async function draw(element) {
  await document.fonts.load('13px "Golos Text"', 'Я').catch(() => []);
  const viewer = new NavigatedViewer({
    container: element,
    zoomScroll: { enabled: false }, // the wheel scrolls the page; zoom is by the buttons
    textRenderer: {
      defaultStyle: { fontFamily: FONT, fontSize: 13 },
      externalStyle: { fontFamily: FONT, fontSize: 12 }, // the longest, «Напоминание», fits its 90 units
    },
  });
  const { warnings } = await viewer.importXML(await fetchText(element.dataset.xmlUrl, 'application/xml, text/xml'));
  const view = { show: () => fit(viewer) };
  if (element.dataset.stateUrl) {
    const state = JSON.parse(await fetchText(element.dataset.stateUrl, 'application/json'));
    mark(viewer, state);
    view.show = () => focus(viewer, state.at);
  }
  view.show();
  element.addEventListener('kes:state', (event) => mark(viewer, event.detail));
  new ResizeObserver(() => {
    viewer.get('canvas').resized();
    view.show();
  }).observe(element);
  bindZoom(viewer, element, view);
  element.dataset.ready = String(warnings.length);
}

for (const element of document.querySelectorAll('[data-xml-url]')) {
  draw(element).catch((error) => {
    element.dataset.failed = error.message;
    const note = document.createElement('p');
    note.textContent = 'Схему не удалось показать. Шаги дела перечислены рядом.';
    element.append(note);
  });
}

"use strict";
// The page is whole without this script. It makes tables sortable and the map of terms walkable.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const fillThemes = (select) => data.themes.forEach((label, i) =>
    select.append(make("option", `${i + 1} ${label}`, { value: i + 1 })));

  // Tables: a click on a heading sorts by its column, a second one turns the order round.
  const value = (row, column) => row.cells[column].textContent;
  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const button = make("button", heading.textContent, { type: "button", class: "sort" });
      heading.replaceChildren(button);
      button.addEventListener("click", () => {
        const isNumeric = heading.classList.contains("numeric");
        const wasFirst = heading.getAttribute("aria-sort") === (isNumeric ? "descending" : "ascending");
        const down = isNumeric !== wasFirst;
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const collator = new Intl.Collator(undefined, { numeric: true });
        const rows = [...table.tBodies[0].rows].map((row) => [value(row, column), row]);
        rows.sort(isNumeric ? ([a], [b]) => a - b : ([a], [b]) => collator.compare(a, b));
        if (down) rows.reverse();
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    });
  }

  // The filter of the table of terms.
  const termTable = byId("term-table");
  if (termTable) {
    const [filter, theme, output] = [byId("term-filter"), byId("term-theme"), byId("term-count")];
    fillThemes(theme);
    const rows = [...termTable.tBodies[0].rows].map((row) =>
      ({ row, text: value(row, 0).toLocaleLowerCase(), theme: value(row, 1).split(" ")[0] }));
    const apply = () => {
      const wanted = filter.value.trim().toLocaleLowerCase();
      let shown = 0;
      for (const { row, text, theme: own } of rows) {
        row.hidden = !text.includes(wanted) || (theme.value !== "" && own !== theme.value);
        if (!row.hidden) shown += 1;
      }
      output.textContent = `${shown} of ${rows.length} terms`;
    };
    filter.addEventListener("input", apply);
    theme.addEventListener("change", apply);
    byId("term-controls").addEventListener("submit", (event) => event.preventDefault());
    byId("term-controls").hidden = false;
    apply();
  }

  // On paper quotes are open.
  addEventListener("beforeprint", () => document.querySelectorAll("details.quote").forEach((quote) => {
    if (!quote.open) { quote.open = true; quote.dataset.opened = "yes"; }
  }));
  addEventListener("afterprint", () => document.querySelectorAll("[data-opened]").forEach((quote) => {
    quote.open = false;
    delete quote.dataset.opened;
  }));

  const canvas = byId("map");
  if (!canvas) return;
  const NS = "http://www.w3.org/2000/svg";
  const svg = canvas.querySelector("svg");
  const view = svg.querySelector(".view");
  const panel = byId("map-panel");
  const [width, height] = svg.getAttribute("viewBox").split(" ").slice(2).map(Number);
  const circles = [...svg.querySelectorAll(".node")];
  const lines = [...svg.querySelectorAll(".link")];
  const nodes = data.nodes.map((node, i) => {
    const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(circles[i].getAttribute(name)));
    return { ...node, i, x, y, r, links: [] };
  });
  data.links.forEach((link, i) => link.ends.forEach((end) => nodes[end].links.push(i)));
  const other = (link, node) => nodes[data.links[link].ends[0] === node ? data.links[link].ends[1] : data.links[link].ends[0]];

  // Labels are placed anew for every view: the texts stay as large as they are, so there is room for more.
  const layer = svg.querySelector(".labels");
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = `100px ${getComputedStyle(document.body).fontFamily}`;
  for (const node of nodes) {
    node.size = 9.5 + 9.5 * (node.size - 0.2) / 0.8;
    node.unit = measure.measureText(node.label).width / 100;
  }
  let texts = new Map([...layer.children].map((text) => [Number(text.dataset.i), text]));
  const state = { x: 0, y: 0, k: 1, theme: null, node: null, link: null, hover: null };
  const CELL = 40;
  const pixels = () => {
    const box = svg.getBoundingClientRect();
    return Math.min(box.width / width, box.height / height);
  };
  const placeLabels = () => {
    // On small screens fewer and larger ones.
    const enlarged = Math.max(1, 0.85 / (pixels() || 1));
    const focus = shown();
    const rank = (node) => (focus && focus.has(node.i) ? 0 : node.is_important ? 1 : 2);
    const order = [...nodes].sort((a, b) => rank(a) - rank(b) || a.i - b.i);
    const [labels, discs] = [new Map(), new Map()];
    const cells = (box) => {
      const found = [];
      for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x += 1)
        for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y += 1) found.push(x * 65536 + y);
      return found;
    };
    const isFree = (grid, box) => cells(box).every((cell) => (grid.get(cell) ?? []).every((b) =>
      box[0] >= b[2] || b[0] >= box[2] || box[1] >= b[3] || b[1] >= box[3]));
    const occupy = (grid, box) => cells(box).forEach((cell) => {
      if (!grid.has(cell)) grid.set(cell, []);
      grid.get(cell).push(box);
    });
    const inView = [];
    for (const node of order) {
      const [x, y, r] = [state.x + state.k * node.x, state.y + state.k * node.y, state.k * node.r];
      if (x > -r && y > -r && x < width + r && y < height + r && (!focus || focus.has(node.i))) inView.push([node, x, y, r]);
    }
    for (const [, x, y, r] of inView) occupy(discs, [x - 0.8 * r, y - 0.8 * r, x + 0.8 * r, y + 0.8 * r]);
    const kept = new Map();
    for (const [node, x, y, r] of inView) {
      const fontSize = node.size * enlarged;
      const [w, h] = [node.unit * fontSize / 2 + 2, fontSize * 0.62];
      const box = ([cx, cy]) => [cx - w, cy - h, cx + w, cy + h];
      const free = [[r + 2 + w, 0], [-r - 2 - w, 0], [0, -r - 1 - h], [0, r + 1 + h]]
        .map(([dx, dy]) => [x + dx, y + dy])
        .filter((at) => at[0] > w && at[0] < width - w && isFree(labels, box(at)));
      const mayCover = node.is_important || Boolean(focus);
      const at = free.find((at) => isFree(discs, box(at))) ?? (mayCover ? free[0] : undefined);
      if (!at) continue;
      occupy(labels, box(at));
      let text = texts.get(node.i);
      if (!text) {
        text = document.createElementNS(NS, "text");
        text.textContent = node.label;
        text.dataset.i = node.i;
        const fixed = { class: "label", "stroke-linejoin": "round", "paint-order": "stroke", "text-anchor": "middle" };
        for (const [key, content] of Object.entries(fixed)) text.setAttribute(key, content);
      }
      const size = fontSize / state.k;
      text.setAttribute("x", (at[0] - state.x) / state.k);
      text.setAttribute("y", (at[1] + 0.35 * fontSize - state.y) / state.k);
      text.setAttribute("font-size", size);
      text.setAttribute("stroke-width", 0.22 * size);
      text.classList.toggle("on", Boolean(focus));
      kept.set(node.i, text);
    }
    layer.replaceChildren(...kept.values());
    texts = kept;
  };

  // What is singled out: the nodes and links to show, or null for all.
  const shown = () => {
    const node = state.hover ?? state.node;
    if (state.link !== null && state.hover === null) return new Set(data.links[state.link].ends);
    if (node !== null) return new Set([node, ...nodes[node].links.map((link) => other(link, node).i)]);
    if (state.theme !== null) return new Set(nodes.filter((n) => n.theme === state.theme).map((n) => n.i));
    return null;
  };
  let marked = "";
  const mark = () => {
    // Moving the map marks nothing else.
    const key = [state.theme, state.node, state.link, state.hover].join();
    if (key === marked) return;
    marked = key;
    const focus = shown();
    const node = state.hover ?? state.node;
    svg.classList.toggle("faded", Boolean(focus));
    circles.forEach((circle, i) => {
      circle.classList.toggle("on", Boolean(focus && focus.has(i)));
      circle.classList.toggle("chosen", i === state.node);
    });
    lines.forEach((line, i) => {
      const ends = data.links[i].ends;
      const isOn = focus && (node !== null && state.link === null ? ends.includes(node) : ends.every((end) => focus.has(end)));
      line.classList.toggle("on", Boolean(isOn));
      line.classList.toggle("chosen", i === state.link);
    });
  };
  let isAsked = false;
  const draw = () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      view.setAttribute("transform", `translate(${state.x} ${state.y}) scale(${state.k})`);
      mark();
      placeLabels();
    });
  };
  const zoom = (factor, x = width / 2, y = height / 2) => {
    const k = Math.min(16, Math.max(1, state.k * factor));
    state.x = x - (x - state.x) * k / state.k;
    state.y = y - (y - state.y) * k / state.k;
    state.k = k;
    clampView();
    draw();
  };
  const clampView = () => {
    state.x = Math.min(width / 2, Math.max(width / 2 - width * state.k, state.x));
    state.y = Math.min(height / 2, Math.max(height / 2 - height * state.k, state.y));
    if (state.k === 1) state.x = state.y = 0;
  };
  const lookAt = (found) => {
    if (!found.length) return;
    const xs = found.map((node) => node.x), ys = found.map((node) => node.y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    state.k = Math.min(6, Math.max(1, 0.75 * Math.min(width / (right - left + 1), height / (bottom - top + 1))));
    state.x = width / 2 - state.k * (left + right) / 2;
    state.y = height / 2 - state.k * (top + bottom) / 2;
    clampView();
  };

  const themeName = (theme) => (theme === null ? "no theme" : `theme ${theme + 1}: ${data.themes[theme]}`);
  const count = (n, what) => `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
  const number = (q) => (q < 0.001 ? q.toExponential(1) : q.toFixed(3));
  const show = (...content) => {
    panel.replaceChildren(...content);
    panel.hidden = content.length === 0;
  };
  const bdi = (text) => make("bdi", text);
  const chooseNode = (i, move) => {
    Object.assign(state, { node: i, link: null, theme: null, hover: null });
    const node = nodes[i];
    const heading = make("h3");
    heading.append(bdi(node.label));
    const list = make("ul", undefined, { class: "neighbors", "aria-label": "Linked terms, the strongest first" });
    for (const link of [...node.links].sort((a, b) => data.links[b].weight - data.links[a].weight)) {
      const button = make("button", undefined, { type: "button", title: `weight ${data.links[link].weight}` });
      button.append(bdi(other(link, i).label), ` ${data.links[link].segments}`);
      button.addEventListener("click", () => chooseLink(link));
      const item = make("li");
      item.append(button);
      list.append(item);
    }
    show(heading, make("p", `${count(node.segments, "segment")}, ${themeName(node.theme)}. Linked with (segments with both; choose one to read them):`), list);
    if (move) lookAt([node, ...node.links.map((link) => other(link, i))]);
    draw();
  };
  const chooseLink = (i) => {
    Object.assign(state, { node: null, link: i, theme: null, hover: null });
    const link = data.links[i];
    const heading = make("h3");
    heading.append(bdi(nodes[link.ends[0]].label), " – ", bdi(nodes[link.ends[1]].label));
    const ends = make("ul", undefined, { class: "neighbors", "aria-label": "Ends of the link" });
    for (const end of link.ends) {
      const button = make("button", undefined, { type: "button" });
      button.append(bdi(nodes[end].label));
      button.addEventListener("click", () => chooseNode(end, false));
      const item = make("li");
      item.append(button);
      ends.append(item);
    }
    const quotes = link.notes.map((n) => {
      const { place, text, is_cut: isCut } = data.notes[n];
      const quote = make("blockquote", undefined, { dir: "auto" });
      const cite = make("cite");
      cite.append(bdi(place));
      quote.append(isCut ? `${text} …` : text, cite);
      return quote;
    });
    const rest = link.segments - quotes.length;
    const more = rest > 0 ? [make("p", `${quotes.length ? "The shortest are shown; " : ""}${count(rest, "more segment")} with both: see segments.csv.`, { class: "note" })] : [];
    show(heading, make("p", `Together in ${count(link.segments, "segment")}; weight ${link.weight}, q ${number(link.q)}.`), ends, ...quotes, ...more);
    draw();
  };
  const themeSelect = byId("map-theme");
  const chooseTheme = (theme) => {
    Object.assign(state, { node: null, link: null, theme, hover: null });
    themeSelect.value = theme === null ? "" : theme + 1;
    if (theme === null) show();
    else {
      const heading = make("h3");
      heading.append(bdi(`${theme + 1} ${data.themes[theme]}`));
      const go = make("a", "Its terms and quotes", { href: `#theme-${theme + 1}` });
      const own = nodes.filter((node) => node.theme === theme);
      const line = make("p", `${count(own.length, "term")} on the map, those in the most segments first. `);
      line.append(go);
      const list = make("ul", undefined, { class: "neighbors", "aria-label": "Terms of the theme" });
      list.append(...own.slice(0, 40).map((node) => {
        const button = make("button", undefined, { type: "button" });
        button.append(bdi(node.label), ` ${node.segments}`);
        button.addEventListener("click", () => chooseNode(node.i, false));
        const item = make("li");
        item.append(button);
        return item;
      }));
      show(heading, line, list);
      lookAt(own);
    }
    draw();
  };
  const reset = () => {
    Object.assign(state, { x: 0, y: 0, k: 1 });
    byId("map-search").value = "";
    chooseTheme(null);
  };

  fillThemes(themeSelect);
  byId("map-terms").append(...nodes.map((node) => make("option", undefined, { value: node.label })));
  const find = () => {
    const wanted = byId("map-search").value.trim().toLocaleLowerCase();
    if (!wanted) return;
    const name = (node) => node.label.toLocaleLowerCase();
    const found = nodes.find((node) => name(node) === wanted) ?? nodes.find((node) => name(node).startsWith(wanted));
    if (found) chooseNode(found.i, true);
    else show(make("p", `“${wanted}” is not on the map.`));
  };
  byId("map-search").addEventListener("change", find);
  themeSelect.addEventListener("change", () => chooseTheme(themeSelect.value === "" ? null : themeSelect.value - 1));
  byId("map-controls").addEventListener("submit", (event) => { event.preventDefault(); find(); });
  byId("map-controls").hidden = false;
  byId("map-in").addEventListener("click", () => zoom(1.5));
  byId("map-out").addEventListener("click", () => zoom(1 / 1.5));
  byId("map-reset").addEventListener("click", reset);
  for (const button of document.querySelectorAll(".show")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      chooseTheme(button.dataset.theme - 1);
      byId("network").scrollIntoView();
    });
  }

  canvas.classList.add("live");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "group");
  canvas.setAttribute("aria-label", "Map of the network. Arrow keys move it, plus and minus zoom, Escape resets. Find terms with the field above.");
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) { state.x += step[0]; state.y += step[1]; clampView(); draw(); }
    else if (event.key === "+" || event.key === "=") zoom(1.3);
    else if (event.key === "-") zoom(1 / 1.3);
    else if (event.key === "Escape") reset();
    else return;
    event.preventDefault();
  });
  const point = (event) => {
    const box = svg.getBoundingClientRect();
    const scale = pixels();
    return [(event.clientX - box.left - (box.width - scale * width) / 2) / scale, (event.clientY - box.top - (box.height - scale * height) / 2) / scale];
  };
  // The wheel zooms once the map was clicked, or with Ctrl: otherwise it scrolls the page.
  const isActive = () => canvas.classList.contains("active");
  canvas.addEventListener("wheel", (event) => {
    if (!isActive() && !event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, ...point(event));
  }, { passive: false });
  canvas.addEventListener("focusout", () => canvas.classList.remove("active"));
  let drag = null;
  const fingers = new Map();
  const spread = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  canvas.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, point(event));
    drag = { at: point(event), moved: 0, spread: fingers.size === 2 ? spread() : 0 };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag || !fingers.has(event.pointerId)) return;
    const at = point(event);
    fingers.set(event.pointerId, at);
    if (fingers.size === 2) {
      const now = spread();
      zoom(now / drag.spread, ...at);
      drag.spread = now;
      drag.moved = 99;
      return;
    }
    const [dx, dy] = [at[0] - drag.at[0], at[1] - drag.at[1]];
    drag.moved += Math.abs(dx) + Math.abs(dy);
    drag.at = at;
    if (drag.moved > 4) {
      canvas.setPointerCapture(event.pointerId);
      canvas.classList.add("drag");
      state.x += dx; state.y += dy; clampView(); draw();
    }
  });
  const release = (event) => {
    fingers.delete(event.pointerId);
    canvas.classList.remove("drag");
  };
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerup", release);
  // The nearest link within a few pixels, for lines are too thin to hit.
  const nearest = ([px, py]) => {
    const [x, y] = [(px - state.x) / state.k, (py - state.y) / state.k];
    let best = null, least = 6 / state.k;
    data.links.forEach(({ ends }, i) => {
      const [a, b] = [nodes[ends[0]], nodes[ends[1]]];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const t = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)));
      const distance = Math.hypot(a.x + t * dx - x, a.y + t * dy - y);
      const focus = shown();
      if (distance < least && (!focus || ends.every((end) => focus.has(end)))) { least = distance; best = i; }
    });
    return best;
  };
  canvas.addEventListener("click", (event) => {
    const wasDrag = drag && drag.moved > 4;
    drag = null;
    canvas.classList.add("active");
    if (wasDrag) return;
    const target = event.target.closest(".node, .label");
    if (target) return chooseNode(Number(target.dataset.i), false);
    state.hover = null;
    const link = nearest(point(event));
    if (link !== null) chooseLink(link);
    else if (state.node !== null || state.link !== null || state.theme !== null) chooseTheme(null);
  });
  canvas.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch" || (drag && drag.moved > 4)) return;
    const target = event.target.closest(".node, .label");
    const hover = target && state.link === null ? Number(target.dataset.i) : null;
    if (hover !== state.hover) { state.hover = hover; draw(); }
  });
  canvas.addEventListener("pointerleave", () => { if (state.hover !== null) { state.hover = null; draw(); } });
  addEventListener("resize", draw);
  draw();
})();

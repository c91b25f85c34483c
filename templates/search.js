/* The search of this site: reads the index beside it, from a server or from a folder. No other script runs here. */
"use strict";
(() => {
  const K = 10, PREFIX = 0.6, BLOCK = 32, UNSPACED = /^[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+$/;
  const kept = new Map(), asked = new Map();
  const form = document.getElementById("search"), field = document.getElementById("q");
  const status = document.getElementById("found"), lists = document.getElementById("results");

  /* Files call citewire.take(name, value); nothing they hold is run. */
  window.citewire = { take(name, value) { kept.set(name, value); } };
  const load = (name) => {
    if (!asked.has(name)) asked.set(name, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = name + ".js";
      script.onload = () => done(kept.get(name));
      script.onerror = () => { asked.delete(name); failed(new Error(name)); };
      document.head.append(script);
    }));
    return asked.get(name);
  };

  /* The same folding as the index: no accents, no capitals, plurals as singulars (Harman's S-stemmer). */
  const singular = (w) => {
    if (w.length < 4 || !w.endsWith("s")) return w;
    if (w.endsWith("ies") && !/[ea]ies$/.test(w)) return w.slice(0, -3) + "y";
    if (w.endsWith("es") && !/[aeo]es$/.test(w)) return w.slice(0, -1);
    return /[us]s$/.test(w) ? w : w.slice(0, -1);
  };
  const terms = (text) => {
    const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    const found = [];
    for (const part of plain.match(/[\p{L}\p{N}]+/gu) || []) {
      const signs = [...part];
      if (UNSPACED.test(part) && signs.length > 1) signs.slice(1).forEach((c, i) => found.push(signs[i] + c));
      else if (signs.length > 1 || !/^[a-z]$/.test(part)) found.push(singular(signs.slice(0, 40).join("")));
    }
    return [...new Set(found)].slice(0, 8);
  };
  const shard = (word, shards) => {
    const [a, b] = [...word].map((c) => c.codePointAt(0));
    return (a * 31 + (b || 0)) % shards;
  };

  /* One word in one segment: document -> impact, the best of all words that fit. */
  const postings = async (segment, word, open) => {
    const words = await load(`${segment[0]}-w${shard(word, segment[2])}`);
    const hits = new Map();
    for (const one of Object.keys(words)) {
      if (one !== word && !(open && word.length > 1 && one.startsWith(word))) continue;
      const share = one === word ? 1 : PREFIX;
      for (const pair of words[one].split(" ")) {
        const [number, impact] = pair.split(":").map(Number);
        hits.set(number, Math.max(hits.get(number) || 0, impact * share));
      }
    }
    return hits;
  };

  const search = async (query) => {
    const segments = await load("index"), words = terms(query), open = !/\s$/.test(query);
    const total = segments.reduce((sum, one) => sum + one[1], 0), scored = new Map();
    for (const [i, word] of words.entries()) {
      const all = await Promise.all(segments.map((one) => postings(one, word, open && i === words.length - 1)));
      const df = all.reduce((sum, hits) => sum + hits.size, 0);
      const idf = Math.log(1 + (total - df + 0.5) / (df + 0.5));
      all.forEach((hits, at) => hits.forEach((impact, number) => {
        const key = `${at}:${number}`, was = scored.get(key) || { at, number, words: 0, score: 0 };
        scored.set(key, { at, number, words: was.words + 1, score: was.score + idf * impact });
      }));
    }
    const best = [...scored.values()].sort((a, b) => b.words - a.words || b.score - a.score || a.at - b.at || a.number - b.number);
    const full = best.filter((one) => one.words === words.length);
    return { words, found: full.length ? full : best, partly: !full.length && words.length > 1, segments };
  };

  const put = (parent, tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return parent.appendChild(made);
  };
  const marked = (parent, text, words) => {
    for (const piece of text.split(/(\s+)/)) {
      const hit = terms(piece).some((one) => words.some((word) => one === word || (word.length > 2 && one.startsWith(word))));
      if (hit) put(parent, "mark", "", piece); else parent.append(piece);
    }
  };
  const RTL = /^(ar|arc|ckb|dv|fa|he|ks|ku-arab|nqo|ps|sd|syr|ug|ur|yi)\b/;
  const show = async (parent, one, found) => {
    const segment = found.segments[one.at];
    const rows = await load(`${segment[0]}-d${Math.floor(one.number / BLOCK)}`);
    const [href, title, text, note, kind, lang] = rows[one.number % BLOCK];
    if (!/^[a-z0-9/-]+\.html$/.test(href)) return;
    const item = put(parent, "li");
    item.lang = lang;
    item.dir = RTL.test(lang) ? "rtl" : "ltr";
    const link = put(put(item, "h2"), "a");
    link.href = "../" + href;
    marked(link, title, found.words);
    if (text) marked(put(item, "p", "dek"), text, found.words);
    put(item, "p", "line", [kind === "Story" ? "" : kind, note].filter(Boolean).join(" · "));
  };

  let turn = 0;
  const answer = async () => {
    const mine = ++turn, query = field.value;
    try { history.replaceState(null, "", query.trim() ? "?q=" + encodeURIComponent(query.trim()) : location.pathname); } catch { /* a folder has no history */ }
    if (!terms(query).length) { lists.replaceChildren(); status.textContent = ""; return; }
    try {
      const found = await search(query);
      if (mine !== turn) return;
      const list = document.createElement("ol");
      list.className = "hits";
      let shown = 0;
      const more = async () => {
        const next = found.found.slice(shown, shown + K);
        shown += next.length;
        for (const one of next) await show(list, one, found);
      };
      await more();
      if (mine !== turn) return;
      const count = found.found.length;
      status.textContent = count === 0 ? `Nothing on this site holds “${query.trim()}”.`
        : `${count.toLocaleString("en")} ${count === 1 ? "result" : "results"}${found.partly ? "; none holds all of the words" : ""}`;
      lists.replaceChildren(list);
      if (count > shown) {
        const button = put(lists, "button", "more", "Show more");
        button.type = "button";
        button.addEventListener("click", async () => {
          const at = list.children.length;
          await more();
          list.children[at]?.querySelector("a").focus();
          if (shown >= count) button.remove();
        });
      }
    } catch { status.textContent = "The index could not be read. The archive and the list of names still lead to every story."; }
  };

  let timer = 0;
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(answer, 150); });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); answer(); });
  field.value = new URLSearchParams(location.search).get("q") || "";
  form.hidden = false;
  if (field.value) answer(); else if (matchMedia("(hover: hover)").matches) field.focus();
})();

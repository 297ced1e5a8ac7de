// assets/ + node_modules -> static/: styles, script and fonts under names that hold their content's hash.
//
// static/manifest.json maps plain names ("app.css") to hashed ones, so that everything can be cached for ever.
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import * as esbuild from "esbuild";
import * as sass from "sass";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const MODULES = join(ROOT, "node_modules");
const OUT = join(ROOT, "static");
const FRESH = join(ROOT, "build", `static-${process.pid}`);
const FACE = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next";
const FONTS = { "latin": "latin-wght-normal", "latin-ext": "latin-ext-wght-normal" };
const OURS = ["check_in.js", "copy.js", "drafts.js", "passkeys.js", "progress.js", "year_grid.js"];

const manifest = {};

async function put(name, content) {
  const { name: stem, ext } = parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  manifest[name] = `${stem}-${hash}${ext}`;
  await writeFile(join(FRESH, manifest[name]), content);
}

const vendor = (path) => readFile(join(MODULES, path));
const withoutMap = (content) => content.toString("utf8").replace(/^\/\/# sourceMappingURL=.*$/gm, "");

async function fonts() {
  for (const [part, file] of Object.entries(FONTS)) {
    await put(`atkinson-${part}.woff2`, await vendor(`${FACE}-${file}.woff2`));
  }
}

async function styles() {
  const { css } = sass.compile(join(HERE, "scss/app.scss"), { loadPaths: [MODULES], style: "compressed", quietDeps: true });
  await put("app.css", css.replace(/url\("?font:([a-z-]+)"?\)/g, (_, part) => `url("${manifest[`atkinson-${part}.woff2`]}")`));
}

async function scripts() {
  await put("htmx.js", withoutMap(await vendor("htmx.org/dist/htmx.min.js")));
  await put("govuk-frontend.js", withoutMap(await vendor("govuk-frontend/dist/govuk/govuk-frontend.min.js")));
  for (const name of OURS) await put(name, await readFile(join(HERE, "js", name)));
  const entry = await readFile(join(HERE, "js/app.js"), "utf8");
  const named = (from) => manifest[from === "govuk-frontend" ? "govuk-frontend.js" : from.slice(2)];
  await put("app.js", entry.replace(/from "([^"]+)"/g, (_, from) => `from "./${named(from)}"`));
}

// The offline notebook is one file, and its service worker another, which knows by name what it keeps.
async function bundled(entry, define = {}) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(HERE, "notes", entry)], bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", write: false, define,
    nodePaths: [MODULES], legalComments: "none",
  });
  return Buffer.from(outputFiles[0].contents);
}

async function icons() {
  const mark = await readFile(join(HERE, "mark.svg"), "utf8");
  // A maskable icon is cut to the device's shape: ground to the edges, the mark in the safe middle.
  const middle = mark.replace("<svg ", '<svg x="3.2" y="3.2" width="25.6" height="25.6" ');
  const masked = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#14213d"/>${middle}</svg>`;
  const png = (svg, side) => new Resvg(svg, { fitTo: { mode: "width", value: side } }).render().asPng();
  await put("icon-192.png", png(mark, 192));
  await put("icon-512.png", png(mark, 512));
  await put("icon-maskable-512.png", png(masked, 512));
}

async function notebook() {
  await put("notes.js", await bundled("app.js"));
  const kept = ["app.css", "notes.js", "atkinson-latin.woff2", "atkinson-latin-ext.woff2", "mark.svg", "icon-192.png", "icon-512.png"];
  const files = [...kept.map((name) => `/static/${manifest[name]}`), "/app.webmanifest"];
  const shell = await readFile(join(ROOT, "templates/notes/app.html"));
  const build = createHash("sha256").update(JSON.stringify(files)).update(shell).digest("hex").slice(0, 12);
  await put("notes-worker.js", await bundled("worker.js", { __FILES__: JSON.stringify(files), __BUILD__: JSON.stringify(build) }));
}

await mkdir(FRESH, { recursive: true });
await fonts();
await styles();
await scripts();
await put("mark.svg", await readFile(join(HERE, "mark.svg")));
await icons();
await notebook();
await writeFile(join(FRESH, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await rm(OUT, { recursive: true, force: true });
await rename(FRESH, OUT);
console.log(`static/: ${Object.keys(manifest).length} files`);

// Builds what the browser gets, into handlers/static/dist (ignored by git): `npm run build`.
//
//   NAME.js, NAME.css   one bundle for every .js beside this file, with the style sheet it imports
//   golos-text.css      the font, Cyrillic and Latin, with fonts/*.woff2
//   icons.svg           one sprite of the icons named in icons.txt; use as <use href="…/icons.svg#NAME">
//   htmx.min.js         as published
//   swagger/            the parts of Swagger UI that /api/docs shows, so that no foreign host is asked
//   licenses/           the licence of every package that ends up in the browser
//
// Beside it fills processes/papers/fonts (ignored by git too) with the fonts of typeset documents and their licence.

import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const modules = join(root, 'node_modules');
const dist = join(here, '..', 'static', 'dist');
const papers = join(root, 'processes', 'papers', 'fonts');

async function bundleScripts() {
  const scripts = (await readdir(here)).filter((name) => name.endsWith('.js')).sort();
  await build({
    absWorkingDir: root,
    entryPoints: scripts.map((name) => join(here, name)),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'linked',
    logLevel: 'warning',
    outdir: dist,
    loader: { '.woff2': 'file', '.woff': 'file', '.ttf': 'file', '.eot': 'file', '.svg': 'file' },
    assetNames: 'fonts/[name]',
  });
}

async function bundleFont() {
  const family = join(modules, '@fontsource-variable', 'golos-text');
  const faces = (await readFile(join(family, 'index.css'), 'utf8')).match(/\/\*[^*]*\*\/\s*@font-face\s*\{[^}]*\}/g);
  const wanted = faces.filter((face) => /golos-text-(cyrillic|latin)-wght-normal/.test(face));
  if (wanted.length !== 2) throw new Error(`golos-text: two font faces expected, ${wanted.length} found`);
  const css = wanted
    .map((face) => face.replaceAll('url(./files/', 'url(fonts/').replaceAll('Golos Text Variable', 'Golos Text'))
    .join('\n');
  await mkdir(join(dist, 'fonts'), { recursive: true });
  for (const subset of ['cyrillic', 'latin']) {
    const file = `golos-text-${subset}-wght-normal.woff2`;
    await cp(join(family, 'files', file), join(dist, 'fonts', file));
  }
  await writeFile(join(dist, 'golos-text.css'), `${css}\n`);
}

async function drawSprite() {
  const lines = (await readFile(join(here, 'icons.txt'), 'utf8')).split('\n');
  const names = lines.map((line) => line.replace(/#.*/, '').trim()).filter(Boolean);
  const symbols = [];
  for (const name of [...new Set(names)].sort()) {
    const svg = await readFile(join(modules, '@tabler', 'icons', 'icons', 'outline', `${name}.svg`), 'utf8');
    const inner = svg.replace(/<!--[^]*?-->/g, '').match(/<svg[^>]*>([^]*)<\/svg>/)[1];
    const paths = inner.trim().replace(/\s*\n\s*/g, '');
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
        `stroke-linecap="round" stroke-linejoin="round">${paths}</symbol>`,
    );
  }
  await writeFile(
    join(dist, 'icons.svg'),
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`,
  );
}

async function copyReady() {
  await cp(join(modules, 'htmx.org', 'dist', 'htmx.min.js'), join(dist, 'htmx.min.js'));
  await mkdir(join(dist, 'swagger'), { recursive: true });
  for (const name of ['swagger-ui-bundle.js', 'swagger-ui-bundle.js.LICENSE.txt', 'swagger-ui.css']) {
    await cp(join(modules, 'swagger-ui-dist', name), join(dist, 'swagger', name));
  }
}

async function copyLicences() {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  await mkdir(join(dist, 'licenses'), { recursive: true });
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (!path || entry.dev || entry.optional) continue;
    const texts = (await readdir(join(root, path))).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    for (const name of texts) {
      const flat = path.replace('node_modules/', '').replaceAll('/', '+');
      await cp(join(root, path, name), join(dist, 'licenses', `${flat}.${name.replace(/\.(md|txt)$/i, '')}.txt`));
    }
  }
}

async function copyPaperFonts() {
  await mkdir(papers, { recursive: true });
  for (const family of ['pt-serif', 'pt-sans']) {
    const home = join(modules, '@expo-google-fonts', family);
    const files = (await readdir(home, { recursive: true })).filter((name) => name.endsWith('.ttf'));
    if (files.length !== 4) throw new Error(`${family}: four faces expected, ${files.length} found`);
    for (const name of files) await cp(join(home, name), join(papers, basename(name)));
    await cp(join(home, 'LICENSE_FONT'), join(papers, `${family}.LICENSE.txt`));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await Promise.all([bundleScripts(), bundleFont(), drawSprite(), copyReady(), copyLicences(), copyPaperFonts()]);

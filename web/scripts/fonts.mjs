// Cuts Inter down to what the page shows: Latin letters, and the signs of currencies, in the weights that are used.
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import subset from 'subset-font';

const folder = new URL('../node_modules/@fontsource-variable/inter/files/', import.meta.url);
const output = new URL('../src/styles/fonts/', import.meta.url);
const range = (from, to) => String.fromCodePoint(...Array.from({length: to - from + 1}, (_, i) => from + i));
const cuts = {
  'inter.woff2': ['inter-latin-wght-normal.woff2', range(0x20, 0x7e) + range(0xa0, 0xff) + '–—‘’“”•…→←↑↓×−€'],
  'inter-currency.woff2': ['inter-latin-ext-wght-normal.woff2', '₦₩₪₫₱₴₸₹₺₽'],
};

await mkdir(output, {recursive: true});
for (const [name, [source, text]] of Object.entries(cuts)) {
  const font = await readFile(new URL(source, folder));
  const cut = await subset(font, text, {targetFormat: 'woff2', variationAxes: {wght: {min: 400, max: 650}}});
  await writeFile(new URL(name, output), cut);
}

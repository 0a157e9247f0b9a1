// Collects the licences of what the page contains, to be served beside it.
import {readFile, writeFile} from 'node:fs/promises';

const parts = {Preact: 'preact', uPlot: 'uplot', 'Inter, cut down': '@fontsource-variable/inter'};

let text = 'The dashboard contains:\n';
for (const [name, folder] of Object.entries(parts)) {
  const licence = await readFile(new URL(`../node_modules/${folder}/LICENSE`, import.meta.url), 'utf8');
  text += `\n${'-'.repeat(80)}\n${name}\n\n${licence.trim()}\n`;
}
await writeFile(new URL('../public/licences.txt', import.meta.url), text);

// Writes docs/accuracy.md from scripts/accuracy/*.section.ts:
// npx tsx --conditions=@coronate/source scripts/accuracy.ts
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AccuracySection, renderSection } from './accuracy/AccuracySection.ts';
import { discover } from './discover.ts';

const HEAD = `# Accuracy

What was measured, not what was hoped for. This page is written by
\`npx tsx --conditions=@coronate/source scripts/accuracy.ts\`; the tests fail when it promises more than the code keeps.
`;

const sections: AccuracySection[] = [];
for (const { topic, url } of discover('scripts/accuracy', '.section.ts')) {
  const { section } = (await import(url)) as { section?: AccuracySection };
  if (section === undefined) throw new Error(`scripts/accuracy/${topic}.section.ts exports no \`section\``);
  sections.push(section);
}
sections.sort((a, b) => a.order - b.order);
const parts: string[] = [];
for (const section of sections) parts.push(await renderSection(section));
const page = resolve(import.meta.dirname, '../docs/accuracy.md');
writeFileSync(page, [HEAD, ...parts].join('\n'));
console.log(`wrote ${page} with ${sections.length} section${sections.length === 1 ? '' : 's'}`);

import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('the README', () => {
  const [program, output] = [...read('README.md').matchAll(/```\w*\n([\s\S]*?)```/g)]
    .map(([, block]) => block!)
    .filter((block) => block.startsWith('import') || block.startsWith('PROMOTE'));

  it('shows the program that is run', () => {
    expect(program).toBe(read('examples/readme.ts'));
  });

  it('shows what it really prints', async () => {
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...parts: unknown[]) => void lines.push(parts.join(' ')));
    await import('../../examples/readme.ts');
    log.mockRestore();
    expect(`${lines.join('\n')}\n`).toBe(output);
  });
});

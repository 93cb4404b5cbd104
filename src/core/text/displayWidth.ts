const ignored = /[\p{Mn}\p{Me}\p{Cf}\p{Emoji_Modifier}]/u;
const wide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u{3000}-\u{303e}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}]/u;

/**
 * How many columns a text takes in a terminal: one for each character, none for combining marks and joiners, two for
 * East Asian wide characters and emoji. The number of UTF-16 units, which `length` counts, would bend every table with
 * such a name in it. Emoji joined into one glyph count as their parts, as most terminals draw them.
 *
 * Source: Unicode Standard Annex 11, East Asian Width.
 *
 * @example
 * displayWidth('日本 é'); // 6
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character >= ' ' && character <= '~') width += 1;
    else if (!ignored.test(character)) width += wide.test(character) ? 2 : 1;
  }
  return width;
}

/** A text filled up with spaces to a width, never cut. */
export function padText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/** Most texts that are kept, and the longest: a reading of very many files keeps none of them for long. */
const MOST_TEXTS = 64;
const LONGEST_TEXT = 65_536;

/** Texts of files as they were read not long ago, so that one command reads and decides on one and the same. */
export class RecentTexts {
  readonly #texts = new Map<string, string | null>();

  /** Returns what was read: null for no file, undefined for not read. */
  recall(path: string): string | null | undefined {
    return this.#texts.get(path);
  }

  /** Keeps what was read, and returns it. */
  remember(path: string, text: string | null): string | null {
    if (text !== null && text.length > LONGEST_TEXT) return text;
    this.#texts.set(path, text);
    if (this.#texts.size > MOST_TEXTS) this.#forgetOldest();
    return text;
  }

  #forgetOldest(): void {
    for (const path of this.#texts.keys()) {
      this.#texts.delete(path);
      return;
    }
  }
}

const CODE = /^(```|~~~)[\s\S]*?^\1$|`[^`\n]*`/gm;

/** Lists the relative links of a Markdown page, as they are written. */
export function linksOf(markdown: string): readonly string[] {
  const links = markdown.replace(CODE, "").matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].map(([, link = ""]) => link).filter((link) => !/^[a-z]+:/.test(link));
}

/** Lists the anchors of a Markdown page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): readonly string[] {
  const headings = markdown.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/* Files that leave the browser. */

/** Puts it where the person keeps downloads. */
export function saveAs(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** "12.5 kB" */
export function fileSize(bytes: number, language: string): string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1, style: "unit", unit: "kilobyte" });
  return format.format(bytes / 1_000);
}

/** Rows as a table for spreadsheets, with a mark that tells them the encoding. */
export function csvOf(rows: readonly (readonly string[])[]): Blob {
  const written = rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
  return new Blob([`\u{feff}${written.join("\r\n")}\r\n`], { type: "text/csv" });
}

/* Downloads a table, and says how far it has come: long ones take a while. */

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useLanguage, useText } from "../lib/i18n";
import { messages } from "./messages";

interface CsvButtonProps {
  path: `/${string}.csv`;
  query: Readonly<Record<string, string | boolean | undefined>>;
  name: string;
}

export function CsvButton({ path, query, name }: CsvButtonProps) {
  const t = useText(messages);
  const { language } = useLanguage();
  const [received, setReceived] = useState<number | null>(null);
  const save = async () => {
    setReceived(0);
    try {
      saveAs(await download(address(path, query), setReceived), `${name}.csv`);
    } catch {
      notifications.show({ color: "red", message: t("exportFailed") });
    } finally {
      setReceived(null);
    }
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={16} />} disabled={received !== null} onClick={save}>
      {received === null ? t("csv") : t("exporting", { size: size(received, language) })}
    </Button>
  );
}

function address(path: string, query: CsvButtonProps["query"]): string {
  // With a mark that tells spreadsheets the encoding.
  const told = new URLSearchParams({ bom: "true" });
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) told.set(name, String(value));
  }
  return `${path}?${told}`;
}

async function download(url: string, tell: (bytes: number) => void): Promise<Blob> {
  const response = await fetch(url, { headers: { accept: "text/csv" } });
  if (!response.ok || response.body === null) throw new Error(`no table: ${response.status}`);
  const pieces: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    pieces.push(read.value);
    bytes += read.value.byteLength;
    tell(bytes);
  }
  return new Blob(pieces, { type: "text/csv" });
}

function saveAs(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function size(bytes: number, language: string): string {
  const format = new Intl.NumberFormat(language, { maximumFractionDigits: 1, style: "unit", unit: "kilobyte" });
  return format.format(bytes / 1_000);
}

/* Downloads a table, and says how far it has come: long ones take a while. */

import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { download } from "../api/download";
import { fileSize, saveAs } from "../lib/file";
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
      saveAs(await download({ path: address(path, query), accept: "text/csv" }, setReceived), `${name}.csv`);
    } catch {
      notifications.show({ color: "red", message: t("exportFailed") });
    } finally {
      setReceived(null);
    }
  };
  return (
    <Button variant="default" leftSection={<IconDownload size={16} />} disabled={received !== null} onClick={save}>
      {received === null ? t("csv") : t("exporting", { size: fileSize(received, language) })}
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

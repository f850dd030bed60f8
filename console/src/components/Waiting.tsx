/* Skeletons in the shape of what comes; after a while they say that it takes long. */

import { Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

const LONG_MS = 4_000;
const ROW_PX = 36;

interface WaitingProps {
  rows?: number;
  height?: number;
}

export function Waiting({ rows = 8, height = ROW_PX - 12 }: WaitingProps) {
  const t = useText(messages);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Stack gap={12} aria-busy="true">
      <div role="status">{isLong ? <Text c="dimmed">{t("slow")}</Text> : <VisuallyHidden>{t("loading")}</VisuallyHidden>}</div>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  );
}

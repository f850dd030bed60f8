/* An id: its end, which tells ids of one day apart, with all of it on hover and on copy. */

import { Code, Group } from "@mantine/core";
import { CopyButton } from "./CopyButton";

const SHOWN = 8;

export function Id({ value, full = false }: { value: string; full?: boolean }) {
  return (
    <Group gap={4} wrap="nowrap" display="inline-flex">
      <Code className="id" title={value}>
        {full ? value : `…${value.slice(-SHOWN)}`}
      </Code>
      <CopyButton value={value} />
    </Group>
  );
}

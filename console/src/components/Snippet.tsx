/* Code to be copied as it stands. */

import { Box } from "@mantine/core";
import { CopyButton } from "./CopyButton";

export function Snippet({ code, label }: { code: string; label?: string }) {
  return (
    <Box className="snippet">
      {/* Long lines scroll, also by keyboard. */}
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
      <Box className="snippet-copy">
        <CopyButton value={code} label={label} />
      </Box>
    </Box>
  );
}

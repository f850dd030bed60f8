/* What an operator wrote, as it was meant: paragraphs, headings, lists and links. Until that is loaded, as written. */

import { Text } from "@mantine/core";
import { lazy, Suspense } from "react";

// Reading Markdown takes more than all of a page of text.
const Meant = lazy(() => import("./ProseMeant"));

export function Prose({ text }: { text: string }) {
  return (
    <Suspense
      fallback={
        <Text component="div" className="as-written" aria-busy>
          {text}
        </Text>
      }
    >
      <Meant text={text} />
    </Suspense>
  );
}

/* A call that works from a terminal, to copy. */

import { Snippet } from "../../components/Snippet";
import { curl } from "../quickstart/snippets";
import { useBaseUrl } from "../site/queries";

interface FirstCallProps {
  secret?: string;
  model?: string;
}

export function FirstCall({ secret = "$API_KEY", model = "MODEL" }: FirstCallProps) {
  return <Snippet code={curl({ base: useBaseUrl(), key: secret, model })} />;
}

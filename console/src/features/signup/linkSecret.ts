/* What follows the # of a mail's link: browsers keep it to themselves, so that it stands in no log. */

import { useEffect, useState } from "react";

/** The secret, taken out of the address so that nobody looks over a shoulder or shares it; undefined without one. */
export function useLinkSecret(): string | undefined {
  const [secret] = useState(() => location.hash.slice(1) || undefined);
  useEffect(() => {
    if (secret !== undefined) history.replaceState(history.state, "", location.pathname);
  }, [secret]);
  return secret;
}

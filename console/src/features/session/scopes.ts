/* What whoever is signed in may do as an operator. */

import { permits, type Scope } from "../../lib/scopes";
import { useSession } from "./queries";

export function useMay(): (wanted: Scope) => boolean {
  const { scopes } = useSession();
  return (wanted) => permits(scopes, wanted);
}

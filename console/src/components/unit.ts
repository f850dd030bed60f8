/* The unit of account, once the site has told it. */

import { createContext, useContext } from "react";

export const UnitContext = createContext<string | undefined>(undefined);

export function useUnit(): string | undefined {
  return useContext(UnitContext);
}

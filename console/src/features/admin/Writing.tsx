/* Who may only read sees no button of a deed: a place says once which scope its deeds need. */

import { Button, type ButtonProps } from "@mantine/core";
import { createContext, useContext, type ReactNode } from "react";
import type { Scope } from "../../lib/scopes";
import { useMay } from "../session/scopes";

const MayWrite = createContext(true);

/** All deeds below need this scope. */
export function Writing({ scope, children }: { scope: Scope; children: ReactNode }) {
  const may = useMay();
  return <MayWrite.Provider value={may(scope)}>{children}</MayWrite.Provider>;
}

export function useMayWrite(): boolean {
  return useContext(MayWrite);
}

interface WriteButtonProps extends ButtonProps {
  children: ReactNode;
  onClick: () => void;
}

/** Opens a deed; left out for whoever may not do it. */
export function WriteButton(props: WriteButtonProps) {
  return useMayWrite() && <Button {...props} />;
}

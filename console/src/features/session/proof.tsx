/* Guarded actions: when the API asks for a second factor, a dialog asks the person, and the action is done again. */

import { Modal } from "@mantine/core";
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from "react";
import { isCode } from "../../api/problem";
import { messages } from "../../components/messages";
import { useText } from "../../lib/i18n";
import { ProofForm } from "./ProofForm";

type Guarded = <T>(action: () => Promise<T>) => Promise<T>;

const ProofContext = createContext<Guarded>((action) => action());

/** `guarded(() => ask(api.POST(…)))`: asks for a second factor where one is needed, then does it again. */
export function useGuarded(): Guarded {
  return useContext(ProofContext);
}

interface Pending {
  proved: () => void;
  declined: () => void;
}

export function ProofProvider({ children }: { children: ReactNode }) {
  const t = useText(messages);
  const [opened, setOpened] = useState(false);
  const pending = useRef<Pending | null>(null);
  const prove = useCallback(
    () =>
      new Promise<boolean>((resolve) => {
        const settle = (proved: boolean) => {
          setOpened(false);
          pending.current = null;
          resolve(proved);
        };
        pending.current = { proved: () => settle(true), declined: () => settle(false) };
        setOpened(true);
      }),
    [],
  );
  const guarded = useMemo<Guarded>(
    () => async (action) => {
      try {
        return await action();
      } catch (failure) {
        if (!isCode(failure, "second_factor_required") || !(await prove())) throw failure;
        return action();
      }
    },
    [prove],
  );
  return (
    <ProofContext.Provider value={guarded}>
      {children}
      <Modal
        opened={opened}
        onClose={() => pending.current?.declined()}
        title={t("proveTitle")}
        closeButtonProps={{ "aria-label": t("close") }}
        zIndex={400}
      >
        <ProofForm onProved={() => pending.current?.proved()} />
      </Modal>
    </ProofContext.Provider>
  );
}

/* Guarded actions: when the API asks for a second factor, a dialog asks the person, and the action is done again. */

import {
  createContext,
  lazy,
  Suspense,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from "react";
import { isCode } from "../../api/problem";

const ProofDialog = lazy(() => import("./ProofDialog"));

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
  const [opened, setOpened] = useState(false);
  const [isNeeded, setNeeded] = useState(false);
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
        setNeeded(true);
        setOpened(true);
      }),
    [],
  );
  const guarded = useMemo<Guarded>(
    () => async (action) => {
      try {
        return await action();
      } catch (failure) {
        if (!isCode(failure, "second_factor_required", "not_proven") || !(await prove())) throw failure;
        return action();
      }
    },
    [prove],
  );
  return (
    <ProofContext.Provider value={guarded}>
      {children}
      {isNeeded && (
        <Suspense>
          <ProofDialog
            opened={opened}
            onProved={() => pending.current?.proved()}
            onClose={() => pending.current?.declined()}
          />
        </Suspense>
      )}
    </ProofContext.Provider>
  );
}

/* What a query has: a skeleton before, an error instead, or the content. */

import type { UseQueryResult } from "@tanstack/react-query";
import { useCallback, type ReactNode } from "react";
import { ErrorState } from "./ErrorState";
import { Waiting } from "./Waiting";

interface LoadedProps<T> {
  query: Pick<UseQueryResult<T>, "data" | "error" | "refetch">;
  waiting?: ReactNode;
  children: (data: T) => ReactNode;
}

export function Loaded<T>({ query, waiting = <Waiting />, children }: LoadedProps<T>) {
  const { data, error, refetch } = query;
  const retry = useCallback(() => void refetch(), [refetch]);
  // What was read before stays, with the news that it could not be read again above it.
  if (data !== undefined) {
    return (
      <>
        {error !== null && <ErrorState failure={error} retry={retry} />}
        {children(data)}
      </>
    );
  }
  if (error !== null) return <ErrorState failure={error} retry={retry} />;
  return waiting;
}

/* Lists that come by pages: the next page is asked for with the `next` of the one before. */

import { infiniteQueryOptions } from "@tanstack/react-query";

interface Page<T> {
  data: T[];
  next?: string | null;
}

type Fetch<T> = (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

export function paged<T>(queryKey: readonly unknown[], fetchPage: Fetch<T>) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Page<T>) => page.next ?? undefined,
  });
}

/* What signing up asks for. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";

export type Rules = Answer<"/api/sign-up">;

export const rulesQuery = queryOptions({
  queryKey: ["sign-up"],
  queryFn: ({ signal }) => ask(api.GET("/api/sign-up", { signal })),
});

/* What is announced, in the language that is shown. */

import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import type { Item } from "../../api/types";
import type { Language } from "../../lib/i18n";

export type Announcement = Item<"/api/public/announcements">;

export function announcementsQuery(language: Language) {
  return queryOptions({
    queryKey: ["announcements", language],
    queryFn: ({ signal }) => ask(api.GET("/api/public/announcements", { params: { query: { language } }, signal })),
    staleTime: 300_000,
  });
}

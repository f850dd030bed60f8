export const ROLES = ["owner", "developer", "billing"] as const;
export type Role = (typeof ROLES)[number];

/* Shapes of the control API by where they are used: Answer<"/api/jobs">, Body<"/api/keys">. */

import type { paths } from "./schema";

type Method = "get" | "post" | "put" | "delete";
type Json<T> = T extends { content: { "application/json": infer Content } } ? Content : never;
type Operation<P extends keyof paths, M extends Method> = paths[P][M];

type Answers<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer Responses } ? Responses : never;

/** What a successful call answers. */
export type Answer<P extends keyof paths, M extends Method = "get"> = Json<Answers<P, M>[keyof Answers<P, M>]>;

/** What a call takes. */
export type Body<P extends keyof paths, M extends Method = "post"> =
  Operation<P, M> extends { requestBody: infer Taken } ? Json<Taken> : never;

/** A line of a list. */
export type Item<P extends keyof paths> = Answer<P> extends { data: (infer One)[] } ? One : never;

/* What else is to be said where nothing was found: which areas have something to say, they provide. */

import { createContext, type ReactNode } from "react";

export const NotFoundHint = createContext<ReactNode>(null);

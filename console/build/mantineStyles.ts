/* Styles of Mantine's components with the components: each chunk brings those of its own, and no more. */

import type { Plugin } from "vite";

// In a layer of their own they yield to ours, whichever is loaded first.
const CLASS_NAMES = /@mantine\/core\/esm\/.*\/(\w+)\.module\.css\.mjs$/;

export function mantineStyles(): Plugin {
  let isBuild = false;
  return {
    name: "farebox-mantine-styles",
    config(_, { command }) {
      isBuild = command === "build";
    },
    transform(code, id) {
      const component = isBuild ? CLASS_NAMES.exec(id)?.[1] : undefined;
      return component === undefined ? null : `import "@mantine/core/styles/${component}.layer.css";\n${code}`;
    },
    // While one works on it, Vite bundles Mantine by itself.
    transformIndexHtml() {
      if (isBuild) return [];
      return [{ tag: "link", attrs: { rel: "stylesheet", href: "/node_modules/@mantine/core/styles.layer.css" } }];
    },
  };
}

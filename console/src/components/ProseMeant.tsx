/* Light Markdown. No HTML in it is believed, no picture is fetched, and its headings stand below the page's own. */

import { Anchor } from "@mantine/core";
import Markdown, { type Components } from "react-markdown";
import "./prose.css";

const SHOWN: Components = {
  // An address that is none, such as of a script, comes empty.
  a: ({ href, children }) =>
    href ? (
      <Anchor href={href} inherit target="_blank" rel="noreferrer noopener" underline="always">
        {children}
      </Anchor>
    ) : (
      <span>{children}</span>
    ),
  img: ({ alt, src }) => <span>{alt || src}</span>,
  h1: ({ children }) => <h3>{children}</h3>,
  h2: ({ children }) => <h3>{children}</h3>,
  h3: ({ children }) => <h4>{children}</h4>,
  h4: ({ children }) => <h5>{children}</h5>,
  h5: ({ children }) => <h6>{children}</h6>,
  // Indented lines are meant as they stand, not as code.
  pre: ({ children }) => <div className="as-written">{children}</div>,
};

const PLUGINS = [tagsAreText];

export default function ProseMeant({ text }: { text: string }) {
  return (
    <div className="prose">
      <Markdown components={SHOWN} remarkPlugins={PLUGINS}>
        {text}
      </Markdown>
    </div>
  );
}

/** What begins with a tag would count as HTML to the end of its paragraph, and the links in it not as links. */
function tagsAreText(this: { data: () => object }) {
  Object.assign(this.data(), { micromarkExtensions: [{ disable: { null: ["htmlFlow", "htmlText"] } }] });
}

/* An answer's text as it was meant. It comes from a model, so no HTML in it is believed, and no picture is fetched. */

import { Anchor } from "@mantine/core";
import Markdown from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import remarkGfm from "remark-gfm";
import "./highlight.css";

export default function MarkdownText({ text }: { text: string }) {
  return (
    <div className="markdown">
      <Markdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeHighlight]}
        components={{
          a: ({ href, children }) => (
            <Anchor href={href} target="_blank" rel="noreferrer noopener">
              {children}
            </Anchor>
          ),
          img: ({ alt, src }) => <span>{alt || src}</span>,
          pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
        }}
      >
        {text}
      </Markdown>
    </div>
  );
}

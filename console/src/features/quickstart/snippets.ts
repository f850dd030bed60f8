/* The same first call for every SDK and tool that people bring along: only the base URL and the key differ. */

export interface Snippet {
  id: string;
  name: string;
  code: string;
}

interface Place {
  base: string;
  key: string;
  model: string;
}

/** In the order of the tabs. `base` has no slash and no version at its end. */
export function snippets(place: Place): readonly Snippet[] {
  return [
    { id: "curl", name: "curl", code: curl(place) },
    { id: "python", name: "Python", code: python(place) },
    { id: "node", name: "Node.js", code: node(place) },
    { id: "anthropic", name: "Anthropic", code: anthropic(place) },
    { id: "gemini", name: "Gemini", code: gemini(place) },
    { id: "langchain", name: "LangChain", code: langchain(place) },
    { id: "vercel", name: "Vercel AI", code: vercel(place) },
    { id: "claude-code", name: "Claude Code", code: claudeCode(place) },
    { id: "codex", name: "Codex", code: codex(place) },
    { id: "gemini-cli", name: "Gemini CLI", code: geminiCli(place) },
  ];
}

export function curl({ base, key, model }: Place): string {
  const body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello!" }] });
  return `curl ${base}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`;
}

function python({ base, key, model }: Place): string {
  return `# pip install openai
from openai import OpenAI

client = OpenAI(base_url="${base}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.choices[0].message.content)`;
}

function node({ base, key, model }: Place): string {
  return `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${base}/v1", apiKey: "${key}" });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(answer.choices[0].message.content);`;
}

function anthropic({ base, key, model }: Place): string {
  return `# pip install anthropic
from anthropic import Anthropic

client = Anthropic(base_url="${base}", api_key="${key}")
answer = client.messages.create(
    model="${model}",
    max_tokens=500,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(answer.content[0].text)`;
}

function gemini({ base, key, model }: Place): string {
  return `# pip install google-genai
from google import genai

client = genai.Client(api_key="${key}", http_options={"base_url": "${base}"})
answer = client.models.generate_content(model="${model}", contents="Hello!")
print(answer.text)`;
}

function langchain({ base, key, model }: Place): string {
  return `# pip install langchain-openai
from langchain_openai import ChatOpenAI

chat = ChatOpenAI(base_url="${base}/v1", api_key="${key}", model="${model}")
print(chat.invoke("Hello!").content)`;
}

function vercel({ base, key, model }: Place): string {
  return `// npm install ai @ai-sdk/openai
import { createOpenAI } from "@ai-sdk/openai";
import { generateText } from "ai";

const farebox = createOpenAI({ baseURL: "${base}/v1", apiKey: "${key}" });
const { text } = await generateText({ model: farebox.chat("${model}"), prompt: "Hello!" });
console.log(text);`;
}

function claudeCode({ base, key, model }: Place): string {
  return `export ANTHROPIC_BASE_URL="${base}"
export ANTHROPIC_AUTH_TOKEN="${key}"
claude --model "${model}"`;
}

function codex({ base, key, model }: Place): string {
  return `# ~/.codex/config.toml
model = "${model}"
model_provider = "farebox"

[model_providers.farebox]
name = "Farebox"
base_url = "${base}/v1"
env_key = "FAREBOX_API_KEY"
wire_api = "responses"

# then, in a terminal
export FAREBOX_API_KEY="${key}"
codex`;
}

function geminiCli({ base, key, model }: Place): string {
  return `export GOOGLE_GEMINI_BASE_URL="${base}"
export GEMINI_API_KEY="${key}"
gemini --model "${model}"`;
}

// Asks questions with the official SDKs of Node.js and tells what came of them.
//
// Standard input is a JSON list of {id, client, url, key, question}, with the members of tests/support/sdk/question.py;
// standard output gets one JSON object of answers by id, each {turn} or {raised}. A few are asked at a time.

import process from "node:process";
import { text } from "node:stream/consumers";

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const AT_A_TIME = 4;

const imageUrl = (image) => (image.includes("://") ? image : `data:image/png;base64,${image}`);

async function askChat({ url, key, question }) {
  const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const content = question.image
    ? [
        { type: "text", text: question.text },
        { type: "image_url", image_url: { url: imageUrl(question.image) } },
      ]
    : question.text;
  const body = {
    model: question.model,
    max_tokens: question.most,
    messages: [{ role: "user", content }],
  };
  if (question.tools.length) {
    body.tools = question.tools.map((name) => ({
      type: "function",
      function: { name, parameters: question.tool_schema },
    }));
  }
  if (question.schema) {
    const asked = { name: "answer", schema: question.schema, strict: true };
    body.response_format = { type: "json_schema", json_schema: asked };
  }
  if (question.thinks) body.reasoning_effort = "low";
  return chatTurn(client, body, question);
}

async function chatTurn(client, body, question) {
  const { answer, pieces } = await chatAnswer(client, body, question);
  const { message, finish_reason } = answer.choices[0];
  const calls = message.tool_calls ?? [];
  const details = message.reasoning_details ?? [];
  let then = null;
  if (calls.length && Object.keys(question.results).length) {
    const told = calls.map((call) => ({
      role: "tool",
      tool_call_id: call.id,
      content: question.results[call.function.name],
    }));
    then = await chatTurn(client, { ...body, messages: [...body.messages, message, ...told] }, question);
  }
  const stops = { stop: "end", tool_calls: "tools", length: "length" };
  return {
    text: message.content ?? "",
    thought: message.reasoning_content ?? "",
    signatures: [
      ...details.map((entry) => entry.signature ?? entry.data),
      ...calls.map((call) => call.extra_content?.google.thought_signature),
    ].filter(Boolean),
    calls: calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)]),
    stop: stops[finish_reason] ?? "left",
    input_tokens: answer.usage?.prompt_tokens ?? 0,
    output_tokens: answer.usage?.completion_tokens ?? 0,
    reasoning_tokens: answer.usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    pieces,
    then,
  };
}

async function chatAnswer(client, body, question) {
  if (!question.streams) return { answer: await client.chat.completions.create(body), pieces: 0 };
  let pieces = 0;
  const details = [];
  const stream = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) pieces += 1;
    gather(details, chunk.choices[0]?.delta.reasoning_details ?? []);
    if (pieces && pieces === question.leave_after) {
      stream.abort();
      return { answer: { choices: [{ message: {}, finish_reason: null }] }, pieces };
    }
  }
  const answer = await stream.finalChatCompletion();
  // The SDK's helper keeps only the last piece of a member that it does not know.
  if (details.length) answer.choices[0].message.reasoning_details = details;
  return { answer, pieces };
}

function gather(details, pieces) {
  for (const { index, ...piece } of pieces) {
    const before = (details[index] ??= { index });
    for (const [name, value] of Object.entries(piece)) {
      before[name] = name === "type" ? value : (before[name] ?? "") + value;
    }
  }
}

async function askResponses({ url, key, question }) {
  const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
  const content = [{ type: "input_text", text: question.text }];
  if (question.image) content.push({ type: "input_image", detail: "auto", image_url: imageUrl(question.image) });
  const body = {
    model: question.model,
    max_output_tokens: question.most,
    input: [{ role: "user", content }],
    store: false,
  };
  if (question.tools.length) {
    body.tools = question.tools.map((name) => ({
      type: "function",
      name,
      parameters: question.tool_schema,
      strict: false,
    }));
  }
  if (question.schema) {
    body.text = { format: { type: "json_schema", name: "answer", schema: question.schema, strict: true } };
  }
  if (question.thinks) {
    body.reasoning = { effort: "low", summary: "auto" };
    body.include = ["reasoning.encrypted_content"];
  }
  return responsesTurn(client, body, question);
}

async function responsesTurn(client, body, question) {
  const { answer, pieces } = await responsesAnswer(client, body, question);
  const calls = answer.output.filter((item) => item.type === "function_call");
  const thoughts = answer.output.filter((item) => item.type === "reasoning");
  let then = null;
  if (calls.length && Object.keys(question.results).length) {
    const told = calls.map((call) => ({
      type: "function_call_output",
      call_id: call.call_id,
      output: question.results[call.name],
    }));
    then = await responsesTurn(client, { ...body, input: [...body.input, ...answer.output, ...told] }, question);
  }
  const stops = { completed: calls.length ? "tools" : "end", incomplete: "length" };
  return {
    text: answer.output_text ?? "",
    thought: thoughts.flatMap((item) => item.summary.map((summary) => summary.text)).join(""),
    signatures: thoughts.map((item) => item.encrypted_content).filter(Boolean),
    calls: calls.map((call) => [call.name, JSON.parse(call.arguments)]),
    stop: stops[answer.status] ?? "left",
    input_tokens: answer.usage?.input_tokens ?? 0,
    output_tokens: answer.usage?.output_tokens ?? 0,
    reasoning_tokens: answer.usage?.output_tokens_details?.reasoning_tokens ?? 0,
    pieces,
    then,
  };
}

async function responsesAnswer(client, body, question) {
  if (!question.streams) return { answer: await client.responses.create(body), pieces: 0 };
  let pieces = 0;
  const stream = client.responses.stream(body);
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") pieces += 1;
    if (pieces && pieces === question.leave_after) {
      stream.abort();
      return { answer: { output: [] }, pieces };
    }
  }
  return { answer: await stream.finalResponse(), pieces };
}

async function askMessages({ url, key, question }) {
  const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
  const content = [{ type: "text", text: question.text }];
  if (question.image) {
    const source = question.image.includes("://")
      ? { type: "url", url: question.image }
      : { type: "base64", media_type: "image/png", data: question.image };
    content.push({ type: "image", source });
  }
  const body = { model: question.model, max_tokens: question.most, messages: [{ role: "user", content }] };
  if (question.tools.length) {
    body.tools = question.tools.map((name) => ({ name, input_schema: question.tool_schema }));
  }
  if (question.schema) body.output_config = { format: { type: "json_schema", schema: question.schema } };
  if (question.thinks) {
    body.thinking = { type: "enabled", budget_tokens: question.budget };
    body.max_tokens += question.budget;
  }
  return messagesTurn(client, body, question);
}

async function messagesTurn(client, body, question) {
  const { answer, pieces } = await messagesAnswer(client, body, question);
  const calls = answer.content.filter((block) => block.type === "tool_use");
  const joined = (type, member) =>
    answer.content.filter((block) => block.type === type).map((block) => block[member]).join("");
  let then = null;
  if (calls.length && Object.keys(question.results).length) {
    const told = calls.map((call) => ({
      type: "tool_result",
      tool_use_id: call.id,
      content: question.results[call.name],
    }));
    const said = [
      { role: "assistant", content: answer.content },
      { role: "user", content: told },
    ];
    then = await messagesTurn(client, { ...body, messages: [...body.messages, ...said] }, question);
  }
  const stops = { end_turn: "end", tool_use: "tools", max_tokens: "length" };
  return {
    text: joined("text", "text"),
    thought: joined("thinking", "thinking"),
    signatures: answer.content.map((block) => block.signature ?? block.data).filter(Boolean),
    calls: calls.map((call) => [call.name, call.input]),
    stop: stops[answer.stop_reason] ?? "left",
    input_tokens: answer.usage?.input_tokens ?? 0,
    output_tokens: answer.usage?.output_tokens ?? 0,
    reasoning_tokens: answer.usage?.output_tokens_details?.thinking_tokens ?? 0,
    pieces,
    then,
  };
}

async function messagesAnswer(client, body, question) {
  if (!question.streams) return { answer: await client.messages.create(body), pieces: 0 };
  let pieces = 0;
  const stream = client.messages.stream(body);
  for await (const event of stream) {
    if (event.type === "content_block_delta" && event.delta.type === "text_delta") pieces += 1;
    if (pieces && pieces === question.leave_after) {
      stream.abort();
      return { answer: { content: [], stop_reason: null }, pieces };
    }
  }
  return { answer: await stream.finalMessage(), pieces };
}

const CLIENTS = { openai: askChat, responses: askResponses, anthropic: askMessages };

function raised(error) {
  if (!(error instanceof OpenAI.APIError || error instanceof Anthropic.APIError)) throw error;
  const code = error.code ?? error.error?.error?.code;
  return { name: error.constructor.name, status: error.status ?? 0, code: String(code), message: error.message };
}

async function answer(asked) {
  try {
    return { turn: await CLIENTS[asked.client](asked) };
  } catch (error) {
    return { raised: raised(error) };
  }
}

const waiting = JSON.parse(await text(process.stdin));
const answers = {};

async function work() {
  for (let asked = waiting.shift(); asked; asked = waiting.shift()) answers[asked.id] = await answer(asked);
}

await Promise.all(Array.from({ length: AT_A_TIME }, work));
process.stdout.write(JSON.stringify(answers));

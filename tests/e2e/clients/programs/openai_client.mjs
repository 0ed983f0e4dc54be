// OpenAI's client for Node, whole and streamed; then Node's own fetch with a body of unknown size.
import OpenAI from "openai";

const [url, apiKey, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const question = { model, messages: [{ role: "user", content: "ping" }] };

const answer = await client.chat.completions.create(question);
if (!answer.choices[0].message.content) throw new Error("no answer");

let pieces = 0;
for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) {
  if (chunk.choices[0]?.delta?.content) pieces += 1;
}
if (pieces < 2) throw new Error(`${pieces} pieces`);

const body = new Blob([JSON.stringify(question)]).stream();
const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
const response = await fetch(`${url}/v1/chat/completions`, { method: "POST", duplex: "half", headers, body });
if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
console.log("answered");

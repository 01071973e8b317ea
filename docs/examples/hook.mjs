// A hook for keypull: node hook.mjs, with KEYPULL_SECRET in the environment.
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.KEYPULL_SECRET;
const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
const stock = { boots: "12 pairs", tent: "sold out until Friday" };

function signed(headers, body) {
  const id = headers["webhook-id"], stamp = headers["webhook-timestamp"];
  if (!(Math.abs(Date.now() / 1000 - Number(stamp)) <= 300)) return false;
  const mac = createHmac("sha256", key).update(`${id}.${stamp}.`).update(body).digest("base64");
  const want = Buffer.from(`v1,${mac}`);
  return (headers["webhook-signature"] ?? "").split(" ").some((text) => {
    const given = Buffer.from(text);
    return given.length === want.length && timingSafeEqual(given, want);
  });
}

function answer(ask) {
  const thing = (ask.argument ?? "").toLowerCase();
  if (!Object.hasOwn(stock, thing)) return { items: [] };
  return { items: [{ id: thing, title: thing, body: stock[thing] }], next: ["hours"] };
}

// What a reader asked to be seen to: its number says whether it came before.
function take(asked) {
  return { state: "in_work", text: `Ticket ${asked.number} is with our delivery desk.` };
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const ok = signed(request.headers, body);
  response.writeHead(ok ? 200 : 401, { "Content-Type": "application/json" });
  const told = ok && JSON.parse(body);
  const said = told.type === "request" ? take(told.request) : ok && answer(told);
  response.end(JSON.stringify(said || { error: "not signed" }));
}).listen(...(process.env.LISTEN ?? "127.0.0.1:8000").split(":").reverse());

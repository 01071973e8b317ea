package whatsapp_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
)

// rebuilt builds each body anew with the constructors of an independent package,
// which throw on every published limit, sends it through that package's client,
// and says what differs.
const rebuilt = `
import { WhatsAppAPI } from "whatsapp-api-js";
import * as m from "whatsapp-api-js/messages";
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";
let sent;
const api = new WhatsAppAPI({ token: "t", appSecret: "s", v: "v25.0", ponyfill: { fetch: async (_, init) => { sent = JSON.parse(init.body); return { ok: true, json: async () => ({ messages: [{ id: "w" }] }) }; } } });
const medium = { image: (x) => new m.Image(x.link, false, x.caption), video: (x) => new m.Video(x.link, false, x.caption), audio: (x) => new m.Audio(x.link), document: (x) => new m.Document(x.link, false, x.caption, x.filename) };
const acts = {
  button: (a) => new m.ActionButtons(...a.buttons.map((b) => new m.Button(b.reply.id, b.reply.title))),
  list: (a) => new m.ActionList(a.button, ...a.sections.map((s) => new m.ListSection(s.title, ...s.rows.map((r) => new m.Row(r.id, r.title, r.description))))),
  cta_url: (a) => { if (a.parameters.display_text.length > 20) throw new Error("display_text"); return new m.ActionCTA(a.parameters.display_text, a.parameters.url); },
};
const makes = {
  text: (x) => new m.Text(x.body, x.preview_url),
  ...medium,
  interactive: (x) => new m.Interactive(acts[x.type](x.action), new m.Body(x.body.text), x.header ? new m.Header(medium[x.header.type](x.header[x.header.type])) : undefined),
  template: (x) => new m.Template(x.name, new m.Language(x.language.code, x.language.policy), ...(x.components ?? []).map((c) => new m.BodyComponent(...c.parameters.map((p) => new m.BodyParameter(p.text))))),
};
const kinds = {};
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const body = JSON.parse(line);
  kinds[body.type + (body.interactive ? "/" + body.interactive.type : "")] = true;
  if ((body.image?.caption ?? body.video?.caption ?? body.document?.caption ?? "").length > 1024) throw new Error("caption: " + line);
  if (body.interactive && !body.interactive.body.text) throw new Error("no body: " + line);
  if (body.text && !body.text.body) throw new Error("no text: " + line);
  try {
    await api.sendMessage("1", body.recipient_type === "group" ? { group: body.to } : { phone: body.to, bsuid: body.recipient }, makes[body.type](body[body.type]), body.context?.message_id, body.biz_opaque_callback_data);
  } catch (e) { console.log(e.message, line); process.exit(1); }
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(sent)), body)) { console.log(JSON.stringify(sent), "\n", line); process.exit(1); }
}
console.log(Object.keys(kinds).sort().join(" "));
`

func TestAnIndependentClientSendsTheSame(t *testing.T) {
	api := metatest.Takes(t, suite().Success)
	m := suite().Open(t, api.URL, nil)
	alone := pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Sunny"}}, Buttons: []pull.Button{{Label: "The map of today", URL: "https://example.org/map"}}}
	for i, r := range append(metatest.Replies(3, 400), alone, alone) {
		for part, message := range messengers.Shape(r, m.Limits()) {
			s := messengers.Sending{Message: message, Address: []string{"4915112345678", "DE.13491208655302741918", "group/Y2Fw"}[i%3], Key: fmt.Sprint(i, part), Language: "fr"}
			if i%2 == 0 {
				s.Quote = "wamid.Q"
			}
			if _, err := m.Send(t.Context(), s); err != nil {
				t.Fatalf("%v: %+v", err, s)
			}
		}
	}
	late := messengers.Sending{Address: "4915112345678", Key: "late", Message: messengers.Message{Template: &messengers.Template{Name: "late_answer", Language: "de", Values: []string{"Text"}}}}
	if _, err := m.Send(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	said := metatest.Node(t, "whatsapp-api-js", rebuilt, bytes.Join(api.Bodies(), []byte("\n")))
	if want := "audio document image interactive/button interactive/cta_url interactive/list template text video\n"; string(said) != want {
		t.Errorf("the other client says %s, want all of %s", said, want)
	}
}

// signs has the independent package verify a signature over the escaped text, as
// Meta writes it, and says it.
const signs = `
import { WhatsAppAPI } from "whatsapp-api-js";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
const { secret, body } = JSON.parse(readFileSync(0, "utf8"));
const escaped = body.replace(/[^\0-~]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
const signature = "sha256=" + createHmac("sha256", secret).update(escaped).digest("hex");
const api = new WhatsAppAPI({ token: "t", appSecret: secret, webhookVerifyToken: "v", v: "v25.0" });
if (!(await api.verifyRequestSignature(body, signature)) || !(await api.verifyRequestSignature(escaped, signature))) throw new Error("not verified");
console.log(JSON.stringify({ signature, escaped }));
`

func TestWhatAnIndependentPackageSignsIsBelieved(t *testing.T) {
	body := wrote(`"id":"wamid.S1","text":{"body":"gâteau 🍰"},"type":"text"`)
	in, err := json.Marshal(map[string]string{"secret": metatest.Secret, "body": body})
	if err != nil {
		t.Fatal(err)
	}
	var out struct{ Signature, Escaped string }
	if err := json.Unmarshal(metatest.Node(t, "whatsapp-api-js", signs, in), &out); err != nil {
		t.Fatal(err)
	}
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	for name, tt := range map[string]struct {
		body, signature string
		want            int
	}{
		"as it came":         {out.Escaped, out.Signature, 1},
		"with bare letters":  {body, out.Signature, 1},
		"with a letter more": {body + " ", out.Signature, 0},
		"with another sign":  {out.Escaped, out.Signature[:len(out.Signature)-1] + "g", 0},
	} {
		r, err := m.Receive(t.Context(), messengers.Delivery{
			Method: http.MethodPost, Body: []byte(tt.body), Header: map[string][]string{"X-Hub-Signature-256": {tt.signature}}, At: messengertest.Now(),
		})
		if err != nil || len(r.Asks) != tt.want || tt.want == 1 && r.Asks[0].Text != "gâteau 🍰" || tt.want == 0 && r.Status != http.StatusUnauthorized {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

package metatest

import (
	"bytes"
	"fmt"
	"testing"

	"keypull/web/messengers"
)

// resent sends each body anew through the client of an independent package, and
// says what differs and what is longer than the platform takes.
const resent = `
import messenger from "messaging-api-messenger";
import { isDeepStrictEqual } from "node:util";
import { readFileSync } from "node:fs";
const client = new messenger.MessengerClient({ accessToken: "t", appSecret: "s", version: "25.0" });
let sent;
client.axios.defaults.adapter = async (config) => { sent = JSON.parse(config.data); return { data: {}, status: 200, statusText: "OK", headers: {}, config }; };
const ways = { image: "sendImage", audio: "sendAudio", video: "sendVideo", file: "sendFile" };
const [limits, ...lines] = readFileSync(0, "utf8").trim().split("\n");
const { most, bytes } = JSON.parse(limits);
const kinds = {};
for (const line of lines) {
  const body = JSON.parse(line);
  const { text, attachment, quick_replies } = body.message ?? {};
  const options = { messagingType: body.messaging_type };
  if (body.tag) options.tag = body.tag;
  if (quick_replies) options.quickReplies = quick_replies.map((q) => ({ contentType: q.content_type, title: q.title, payload: q.payload }));
  if (body.sender_action) { kinds.typing = true; await client.typingOn(body.recipient.id); }
  else if (text) { kinds.text = true; await client.sendText(body.recipient.id, text, options); }
  else { kinds[attachment.type] = true; await client[ways[attachment.type]](body.recipient.id, attachment.payload.url, options); }
  if (quick_replies) kinds.quick = true;
  const size = text === undefined ? 1 : bytes ? Buffer.byteLength(text) : text.length;
  const wrong = size === 0 || size > most || (quick_replies ?? []).length > 13 || (quick_replies ?? []).some((q) => [...q.title].length > 20 || !q.title || q.payload.length > 1000);
  if (wrong || !isDeepStrictEqual(sent, body)) { console.log(wrong, JSON.stringify(sent), "\n", line); process.exit(1); }
}
console.log(Object.keys(kinds).sort().join(" "));
`

// Resent sends many replies to an account that people write to directly, and
// returns the kinds of requests that an independent client makes the same of.
func Resent(t *testing.T, m messengers.Messenger, taken *Taken, most int, inBytes bool) string {
	t.Helper()
	whys := []messengers.Why{messengers.Answer, messengers.Late, messengers.Human}
	for i, r := range Replies(5, 300) {
		for part, message := range messengers.Shape(r, m.Limits()) {
			s := messengers.Sending{Message: message, Address: "7420011223344556", Key: fmt.Sprint(i, part), Why: whys[i%len(whys)], Language: "en"}
			if i%2 == 0 {
				s.Asked = s.Asked.AddDate(2000, 0, 0)
			}
			if _, err := m.Send(t.Context(), s); err != nil {
				t.Fatalf("%v: %+v", err, s)
			}
		}
	}
	if err := m.(messengers.Typist).Type(t.Context(), messengers.Sending{Address: "7420011223344556"}); err != nil {
		t.Fatal(err)
	}
	limits := fmt.Appendf(nil, `{"most":%d,"bytes":%t}`, most, inBytes)
	return string(Node(t, "messaging-api-messenger", resent, bytes.Join(append([][]byte{limits}, taken.Bodies()...), []byte("\n"))))
}

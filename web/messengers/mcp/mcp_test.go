package mcp_test

import (
	"fmt"
	"net/http"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/mcp"
	"keypull/web/messengers/messengertest"
)

const (
	token   = "token-of-the-newsroom"
	session = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks:      map[string]string{messengertest.Others: "a program is answered in its own response", messengertest.Things: "a program asks by words alone"},
		Kind:       mcp.Kind,
		Folder:     "testdata",
		Settings:   map[string]any{"tokens": []any{map[string]any{"name": "newsroom", "token": token}}},
		Deliveries: []messengers.Delivery{calling("ask", `{"text":"tiramisu","session":"`+session+`1"}`), calling("ask", `{"text":"news","language":"fr","session":"`+session+`2"}`)},
		Forge: func(d messengers.Delivery) messengers.Delivery {
			d.Header["Authorization"] = []string{"Bearer a-token-that-is-guessed"}
			return d
		},
		Address: session + "1", Other: session + "2",
	}
}

// calling returns a call of a tool in the modern revision.
func calling(tool, arguments string) messengers.Delivery {
	d := posting(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%q,"arguments":%s,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`, tool, arguments))
	d.Header["Mcp-Protocol-Version"], d.Header["Mcp-Method"], d.Header["Mcp-Name"] = []string{"2026-07-28"}, []string{"tools/call"}, []string{tool}
	return d
}

func posting(body string) messengers.Delivery {
	return messengers.Delivery{
		Method: http.MethodPost, At: messengertest.Now(), Body: []byte(body), Address: "203.0.113.7",
		Header: map[string][]string{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}},
	}
}

func TestAnMCPServerKeepsThePromisesOfAMessenger(t *testing.T) {
	messengertest.Run(t, suite())
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, mcp.Kind, "page.", "input.", "output.")
}

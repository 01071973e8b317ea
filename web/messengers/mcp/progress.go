package mcp

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"keypull/web/messengers"
)

// Who listens is told each so often that an answer is worked on, for so long: most
// programs give up after a minute.
const (
	beat     = 4 * time.Second
	longWait = 55 * time.Second
)

// progress is how the caller of a tool hears that its answer takes longer; nil where
// it did not ask for that, or takes no stream.
func progress(d messengers.Delivery, r messengers.Receipt) *messengers.Progress {
	var call struct {
		Params struct {
			Meta struct {
				Token json.RawMessage `json:"progressToken"`
			} `json:"_meta"`
		} `json:"params"`
	}
	takes := slices.ContainsFunc(d.Header["Accept"], func(line string) bool { return strings.Contains(strings.ToLower(line), "text/event-stream") })
	if !takes || len(r.Asks) != 1 || json.Unmarshal(d.Body, &call) != nil {
		return nil
	}
	token := call.Params.Meta.Token
	var named any
	if json.Unmarshal(token, &named) != nil {
		return nil
	}
	switch named.(type) {
	case string, float64:
	default:
		return nil
	}
	return &messengers.Progress{
		Every: beat, Most: longWait, ContentType: "text/event-stream", Last: event,
		Beat: func(n int, working string) []byte {
			said, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": "notifications/progress", "params": map[string]any{
				"progressToken": token, "progress": n, "message": working,
			}})
			if err != nil {
				return nil
			}
			return event(said)
		},
	}
}

// event is a message of the protocol in a stream; JSON of ours has no line ends.
func event(message []byte) []byte {
	return slices.Concat([]byte("event: message\ndata: "), message, []byte("\n\n"))
}

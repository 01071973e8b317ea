package mcp

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"keypull/web/messengers"
)

// Bounds of a request: its bytes, how deep it is nested, and how many messages
// one of the first revision may bring at once.
const (
	maxBody  = 64 << 10
	maxDepth = 64
	maxBatch = 20
)

// modern is the first revision without a handshake.
const modern = "2026-07-28"

// methods are those that are served; all others, what streams above all, the
// library never sees.
func methods() []string {
	return []string{"initialize", "ping", "server/discover", "tools/list", "tools/call"}
}

// message is what is read of one message before the library reads it.
type message struct {
	id     json.RawMessage
	method string
	// response: it answers something that we never ask.
	response bool
}

// readMessages reads one message, or those of a batch. Names count as they are
// written, as they do for the library.
func readMessages(body []byte) ([]message, bool) {
	all := []json.RawMessage{body}
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		all = nil
		if json.Unmarshal(trimmed, &all) != nil || len(all) == 0 || len(all) > maxBatch {
			return nil, false
		}
	}
	messages := make([]message, 0, len(all))
	for _, raw := range all {
		var fields map[string]json.RawMessage
		if json.Unmarshal(raw, &fields) != nil || fields == nil {
			return nil, false
		}
		m := message{id: fields["id"], response: fields["method"] == nil}
		if !m.response && json.Unmarshal(fields["method"], &m.method) != nil {
			return nil, false
		}
		messages = append(messages, m)
	}
	return messages, true
}

// forbidden refuses what brings a method that is not served: of the modern
// revision with a status, of those before in the answer alone.
func forbidden(d messengers.Delivery, messages []message) *messengers.Receipt {
	i := slices.IndexFunc(messages, func(m message) bool {
		return !m.response && !slices.Contains(methods(), m.method) && !strings.HasPrefix(m.method, "notifications/")
	})
	if i < 0 {
		return nil
	}
	r := &messengers.Receipt{Status: http.StatusAccepted}
	if id := messages[i].id; id != nil {
		r.Status = http.StatusOK
		if isModern(d) {
			r.Status = http.StatusNotFound
		}
		r.ContentType, r.Body = "application/json", fault(id, methodUnknown, "this method is not served here")
	}
	return r
}

// isModern says whether a request is of a revision without a handshake.
func isModern(d messengers.Delivery) bool {
	return revision(d) >= modern || bytes.Contains(d.Body, []byte("io.modelcontextprotocol/protocolVersion"))
}

// revision is the one that a request names; those of before the header named none.
func revision(d messengers.Delivery) string {
	if named := d.Header["Mcp-Protocol-Version"]; len(named) == 1 {
		return named[0]
	}
	return ""
}

// The faults of the protocol that are told here.
const (
	methodUnknown = -32601
	internal      = -32603
)

// fault is the answer to a message that could not be served; its words are for
// programmers.
func fault(id json.RawMessage, code int, said string) []byte {
	var answer struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   struct {
			Code    int    `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	answer.Version, answer.ID = "2.0", id
	answer.Error.Code, answer.Error.Message = code, said
	body, err := json.Marshal(answer)
	if err != nil {
		return nil
	}
	return body
}

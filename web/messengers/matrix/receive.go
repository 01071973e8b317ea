package matrix

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"keypull/web/messengers"
)

// pushWithin bounds what is asked of the homeserver while it waits for us.
const pushWithin = 8 * time.Second

// Receive reads what a homeserver pushes to an application service: nobody else
// knows its token. A transaction comes again until it is acknowledged, and each
// event in it has an id.
func (a *account) Receive(ctx context.Context, d messengers.Delivery) (messengers.Receipt, error) {
	if !a.trusts(d) {
		return messengers.Receipt{Status: http.StatusForbidden}, nil
	}
	path := strings.TrimPrefix(d.Path, "_matrix/app/v1/")
	switch kind, _, _ := strings.Cut(path, "/"); {
	case kind == "transactions" && d.Method == http.MethodPut:
	case kind == "ping" && d.Method == http.MethodPost:
		return object(http.StatusOK, "{}"), nil
	case kind == "users" || kind == "rooms" || kind == "thirdparty":
		return object(http.StatusNotFound, `{"errcode":"M_NOT_FOUND","error":"There is none."}`), nil
	default:
		return object(http.StatusNotFound, `{"errcode":"M_UNRECOGNIZED","error":"There is nothing here."}`), nil
	}
	receipt := object(http.StatusOK, "{}")
	var pushed struct {
		Events []json.RawMessage `json:"events"`
	}
	if json.Unmarshal(d.Body, &pushed) != nil {
		return receipt, nil // what is not understood is acknowledged
	}
	ctx, cancel := context.WithTimeout(ctx, pushWithin)
	defer cancel()
	a.Introduce(ctx)
	for _, raw := range pushed.Events {
		e, ok := read(raw)
		if !ok {
			continue
		}
		if err := a.understand(ctx, e, &receipt); err != nil {
			a.logger.Warn("the homeserver does not tell who is in a room", "error", err)
		}
	}
	return receipt, nil
}

func object(status int, body string) messengers.Receipt {
	return messengers.Receipt{Status: status, ContentType: "application/json", Body: []byte(body)}
}

// trusts compares the token in constant time; older homeservers put it into the
// query.
func (a *account) trusts(d messengers.Delivery) bool {
	token := a.HSToken.Reveal()
	if len(d.Header["Authorization"]) == 0 && len(d.Query["access_token"]) == 1 {
		return messengers.Same(d.Query["access_token"][0], token)
	}
	return token != "" && d.Shows("Authorization", "Bearer "+token)
}

package messengertest

import (
	"fmt"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

// sorted: each row of a kind's table of faults sorts the refusals that it is about,
// and none of them is sorted by another.
func (c sends) sorted(t T, logs *record) {
	m := c.open(t, "http://127.0.0.1:9", nil, logs)
	table, ok := m.(interface{ Rows() httpapi.Faults })
	if !ok {
		return
	}
	for _, row := range table.Rows() {
		for _, no := range row.Each() {
			t.Run(fmt.Sprintf("%d %s %s", no.Status, no.Codes, no.Saying), func(t T) { c.sortedBy(t, row, no, logs) })
		}
	}
}

func (c sends) sortedBy(t T, row, no httpapi.Fault, logs *record) {
	if c.Refused == nil {
		t.Fatalf("a case whose kind has a table of faults says by Refused how its platform words a refusal")
	}
	status, body := c.Refused(no)
	m := c.open(t, c.refusing(t, Revoked{Status: status, Body: body, Sending: true}), nil, logs)
	_, err := m.Send(background(t), c.hello("1-1"))
	send := c.failure(t, err)
	heard, refused := httpapi.Refused(err)
	switch {
	case !refused || heard.Fault != row:
		t.Errorf("%d %s is not sorted by its row: %v", status, body, err)
	case send.Fault != row.Means || send.Alone != row.Alone:
		t.Errorf("%d %s: got %s (%v), want %s", status, body, send.Fault, send, row.Means)
	case send.Fault == messengers.LimitedUntil && !send.RetryAt.After(Now()):
		t.Errorf("%d %s: nothing is to be sent before %s, which is over", status, body, send.RetryAt)
	}
	if tries, ok := m.(messengers.Trier); ok && row.Means == messengers.TokenInvalid && c.Aside == nil {
		if err := tries.Try(background(t)); pull.KindOf(err) != pull.Denied && pull.KindOf(err) != pull.Unusable {
			t.Errorf("%d %s: the account is refused, and Try says %v", status, body, err)
		}
	}
}

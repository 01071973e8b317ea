package desk

import (
	"io"
	"net/http"
	"strings"

	"keypull/web/messengers"
)

// CalledRoot is where answers are posted that come by no channel: below it stands the publisher.
const CalledRoot = "/bridge"

// mostPosted is how long a request may be.
const mostPosted = 1 << 20

// Handler takes what bridges are called with. It answers once that is written down.
func (d *Desk) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		publisher, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, CalledRoot+"/"), "/")
		b := d.bridgeOf(publisher)
		var called Called
		if b != nil {
			called, _ = b.Bridge.(Called)
		}
		if called == nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(io.LimitReader(r.Body, mostPosted+1))
		switch {
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
			return
		case len(body) > mostPosted:
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		all, status := called.Receive(messengers.Delivery{Method: r.Method, Path: path, Query: r.URL.Query(), Header: r.Header, Body: body, At: d.Clock()})
		if status != 0 {
			w.WriteHeader(status)
			return
		}
		for _, h := range all {
			if err := d.takeHeard(r.Context(), b, h); err != nil {
				d.Logger.Warn("an answer can't be kept now; it is asked for again", "publisher", publisher, "error", err)
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
		}
		w.WriteHeader(http.StatusOK)
	})
}

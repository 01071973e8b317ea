package meta_test

import (
	"net/http"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/meta"
)

func FuzzAnApp(f *testing.F) {
	for _, body := range metatest.Seeds() {
		f.Add(body)
	}
	app, err := (&meta.AppSettings{Secret: metatest.AppSecret, Verify: metatest.Verify}).Open(messengers.Env{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, parts, err := app.Receive(t.Context(), metatest.AppDelivery(string(body)))
		if err != nil || r.Status >= http.StatusInternalServerError {
			t.Fatalf("%d, %v", r.Status, err)
		}
		for _, p := range parts {
			if p.Account == "" || len(p.Delivery.Body) > 2*len(body)+200 {
				t.Fatalf("a part for %q of %d bytes, of %d", p.Account, len(p.Delivery.Body), len(body))
			}
		}
	})
}

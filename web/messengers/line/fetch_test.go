package line_test

import (
	"net/http"
	"testing"

	"keypull/pull/what"
	"keypull/web/messengers/messengertest"
)

func TestWhatReadersAttachIsFetched(t *testing.T) {
	suite().Fetches(t, messengertest.Keeps{
		Serve: func(_ string, body []byte) http.Handler {
			mux := http.NewServeMux()
			mux.HandleFunc("GET /v2/bot/message/325708/content", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+token {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = w.Write(body)
			})
			return mux
		},
		Media: func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "325708"} },
		Gone:  func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "325709"} },
	})
}

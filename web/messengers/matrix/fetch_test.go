package matrix_test

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
			mux.HandleFunc("GET /_matrix/client/v1/media/download/example.org/F1", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+token {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = w.Write(body)
			})
			return mux
		},
		Media: func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "example.org/F1"} },
		Gone:  func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "example.org/F2"} },
	})
}

package slack_test

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
			mux.HandleFunc("GET /files-pri/T1-F1/download/a.jpg", func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+token {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = w.Write(body)
			})
			return mux
		},
		Media: func(base string) what.Media {
			return what.Media{Type: what.Image, Ref: base + "/files-pri/T1-F1/download/a.jpg"}
		},
		Gone: func(base string) what.Media {
			return what.Media{Type: what.Image, Ref: base + "/files-pri/T1-F2/download/a.jpg"}
		},
		Elsewhere: func(base string) what.Media {
			return what.Media{Type: what.Image, Ref: base + "/files-pri/T1-F1/download/a.jpg"}
		},
	})
}

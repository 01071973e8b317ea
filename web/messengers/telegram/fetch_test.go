package telegram_test

import (
	"io"
	"net/http"
	"testing"

	"keypull/pull/what"
	"keypull/web/messengers/messengertest"
)

func TestWhatReadersAttachIsFetched(t *testing.T) {
	suite().Fetches(t, messengertest.Keeps{
		Serve: func(_ string, body []byte) http.Handler {
			mux := http.NewServeMux()
			mux.HandleFunc("POST /bot"+token+"/getFile", func(w http.ResponseWriter, r *http.Request) {
				asked, _ := io.ReadAll(r.Body)
				if string(asked) != `{"file_id":"F1"}` {
					w.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(w, `{"ok":false,"error_code":400,"description":"Bad Request: wrong file_id or the file is temporarily unavailable"}`)
					return
				}
				_, _ = io.WriteString(w, `{"ok":true,"result":{"file_id":"F1","file_unique_id":"U1","file_size":12000,"file_path":"photos/file_1.jpg"}}`)
			})
			mux.HandleFunc("GET /file/bot"+token+"/photos/file_1.jpg", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
			return mux
		},
		Media: func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "F1"} },
		Gone:  func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "F2"} },
	})
}

package whatsapp_test

import (
	"io"
	"net/http"
	"testing"

	"keypull/pull/what"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
)

func TestWhatReadersAttachIsFetched(t *testing.T) {
	suite().Fetches(t, messengertest.Keeps{
		Serve: func(base string, body []byte) http.Handler {
			mux := http.NewServeMux()
			proven := func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer "+metatest.Token }
			mux.HandleFunc("GET /{version}/{id}", func(w http.ResponseWriter, r *http.Request) {
				if r.PathValue("id") != "F1" || !proven(r) {
					w.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(w, `{"error":{"message":"Unsupported get request. Object with ID 'F2' does not exist","type":"GraphMethodException","code":100,"error_subcode":33}}`)
					return
				}
				_, _ = io.WriteString(w, `{"messaging_product":"whatsapp","url":"`+base+`/whatsapp_business/attachments/?mid=F1","mime_type":"image/jpeg","sha256":"x","file_size":12000,"id":"F1"}`)
			})
			mux.HandleFunc("GET /whatsapp_business/attachments/", func(w http.ResponseWriter, r *http.Request) {
				if !proven(r) || r.URL.RawQuery != "mid=F1" {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = w.Write(body)
			})
			return mux
		},
		Media: func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "F1"} },
		Gone:  func(_ string) what.Media { return what.Media{Type: what.Image, Ref: "F2"} },
	})
}

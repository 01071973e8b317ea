package smstwilio_test

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
			mux.HandleFunc("GET /2010-04-01/Accounts/"+sid+"/Messages/MM1/Media/ME1", func(w http.ResponseWriter, r *http.Request) {
				if name, word, _ := r.BasicAuth(); name != sid || word != token {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = w.Write(body)
			})
			return mux
		},
		Media: func(base string) what.Media {
			return what.Media{Type: what.Image, Ref: base + "/2010-04-01/Accounts/" + sid + "/Messages/MM1/Media/ME1"}
		},
		Gone: func(base string) what.Media {
			return what.Media{Type: what.Image, Ref: base + "/2010-04-01/Accounts/" + sid + "/Messages/MM1/Media/ME2"}
		},
		Elsewhere: func(base string) what.Media {
			return what.Media{Type: what.Image, Ref: base + "/2010-04-01/Accounts/" + sid + "/Messages/MM1/Media/ME1"}
		},
	})
}

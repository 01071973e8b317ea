package matrix_test

import (
	"encoding/json"
	"net/http"
	"strings"

	"keypull/web/messengers/messengertest"
)

// profile returns a homeserver as far as the bot's name goes.
func profile() messengertest.Platform {
	name := "Lecker Bot"
	return messengertest.Platform{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			switch path := r.URL.Path; {
			case strings.HasSuffix(path, "/account/whoami"):
				_ = json.NewEncoder(w).Encode(map[string]string{"user_id": bot})
			case strings.HasSuffix(path, "/displayname") && r.Method == http.MethodGet:
				_ = json.NewEncoder(w).Encode(map[string]string{"displayname": name})
			case strings.HasSuffix(path, "/displayname") && r.Method == http.MethodPut:
				var body struct {
					Name string `json:"displayname"`
				}
				if json.NewDecoder(r.Body).Decode(&body) != nil || body.Name == "" {
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				name = body.Name
				_, _ = w.Write([]byte("{}"))
			default:
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte(`{"errcode":"M_NOT_FOUND","error":"nothing here"}`))
			}
		}),
		Changes: func(r *http.Request) bool { return r.Method != http.MethodGet },
		Kept:    func() string { return name },
		Spoil:   map[string]func(){"profile": func() { name = "Somebody else" }},
		Deny: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"errcode":"M_UNKNOWN_TOKEN","error":"no such token"}`))
		},
	}
}

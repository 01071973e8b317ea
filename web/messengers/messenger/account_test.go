package messenger_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"keypull/pull"
	"keypull/web/messengers"
)

func TestTheAccountIsTriedAndTold(t *testing.T) {
	for name, tt := range map[string]struct {
		answer, field, says string
	}{
		"the page":         {`{"id":"102030405060708","name":"Lecker"}`, "", "This is the token of the page “Lecker”."},
		"another page":     {`{"id":"7","name":"Else"}`, "page_id", "This is the token of another page, “Else” with the number 7. Write the token of the page, not that of a person."},
		"said no with 200": {`{"error":{"code":190,"message":"expired"}}`, "access_token", "The access token has expired or was withdrawn (190). Make a new one that does not expire, write it into access_token, and the waiting answers leave."},
	} {
		t.Run(name, func(t *testing.T) {
			asked := ""
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked = r.URL.Path
				_, _ = io.WriteString(w, tt.answer)
			}))
			t.Cleanup(api.Close)
			m := suite().Open(t, api.URL, nil)
			err := m.(messengers.Trier).Try(t.Context())
			var said *pull.Error
			switch {
			case tt.field == "" && (err != nil || m.(messengers.Accountable).Whose().In("en") != tt.says):
				t.Errorf("%v; it is told as %q", err, m.(messengers.Accountable).Whose().In("en"))
			case tt.field != "" && (!errors.As(err, &said) || said.Kind != pull.Denied || said.Field != tt.field || said.Hint.In("en") != tt.says):
				t.Errorf("%v", err)
			}
			if asked != "/v25.0/me" {
				t.Errorf("%s was asked", asked)
			}
		})
	}
}

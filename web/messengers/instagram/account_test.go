package instagram_test

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
		"the account":     {`{"id":"5","user_id":"17841400000000000","username":"lecker"}`, "", "This is the token of the account @lecker."},
		"another account": {`{"id":"5","user_id":"6","username":"else"}`, "account_id", "This is the token of another account, @else with the number 6. Write that number, or the token of the account that you mean."},
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
			if link := m.(messengers.Linker).Link("news"); (link == "https://ig.me/m/lecker?ref=news") != (tt.field == "") {
				t.Errorf("the link is %q", link)
			}
		})
	}
}

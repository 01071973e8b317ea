package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keypull/web/messengers"
)

// metaSends is Meta's way to send, and what was handed to it of a person.
type metaSends struct {
	sync.Mutex
	all []struct {
		Type    string `json:"messaging_type"`
		Tag     string
		Message struct{ Text string }
	}
}

func (m *metaSends) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "application/json")
	m.Lock()
	defer m.Unlock()
	if !strings.HasSuffix(r.URL.Path, "/messages") {
		_, _ = io.WriteString(w, `{"id":"102030405060708","user_id":"17841400000000000","name":"Lecker","username":"lecker"}`)
		return
	}
	m.all = slices.Grow(m.all, 1)[:len(m.all)+1]
	if json.Unmarshal(body, &m.all[len(m.all)-1]) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_, _ = fmt.Fprintf(w, `{"message_id":"m-%d","recipient_id":"742"}`, len(m.all))
}

// of returns how a text was sent; "" while it was not.
func (m *metaSends) of(text string) string {
	m.Lock()
	defer m.Unlock()
	for _, s := range m.all {
		if strings.HasPrefix(s.Message.Text, text) {
			return strings.TrimSpace(s.Type + " " + s.Tag)
		}
	}
	return ""
}

// On Messenger and Instagram a person writes as one who answers within a day, as a human agent
// within seven, and is told before they send that it is too late after that.
func TestAPersonWritesToReadersOfMetaForSevenDays(t *testing.T) {
	for kind, c := range map[string]struct{ object, account string }{"messenger": {"page", "102030405060708"}, "instagram": {"instagram", "17841400000000000"}} {
		t.Run(kind, func(t *testing.T) {
			meta := &metaSends{}
			api := httptest.NewServer(meta)
			t.Cleanup(api.Close)
			of := stormed(api.URL)[kind]
			s := serveConfig(t, textBlock("hours", "Open from 9 to 17."), fmt.Sprintf("\n[[publisher.channel]]\nid = %q\nkind = %q\n[publisher.channel.settings]\n%s\n", kind, kind, of.settings))
			s.weathered = map[string]int{}
			editor := s.program("lecker", "editor")
			wrote := func(text string) {
				t.Helper()
				stamp := s.clock.Now().UnixMilli()
				body := fmt.Sprintf(`{"object":%q,"entry":[{"id":%q,"time":%d,"messaging":[{"sender":{"id":"7420011223344556"},"recipient":{"id":%q},"timestamp":%d,"message":{"mid":"mid-%d","text":%q}}]}]}`,
					c.object, c.account, stamp, c.account, stamp, stamp, text)
				s.storm(t, kind, of, messengers.Delivery{Method: http.MethodPost, Header: http.Header{"Content-Type": {"application/json"}}}, []byte(body))
			}
			wrote("hours")
			eventually(t, "it is answered", func() bool { return meta.of("Open from 9 to 17.") == "RESPONSE" })
			at := "/publishers/lecker/conversations/" + strings.TrimPrefix(string(s.readerKey("lecker", kind, "7420011223344556")), "lecker.")
			editor.want(http.StatusOK, http.MethodPost, at+"/take", nil)
			wrote("my paper is wet")
			eventually(t, "it is passed on", func() bool { return strings.Contains(editor.send(http.MethodGet, at, nil).body, "my paper is wet") })
			for _, step := range []struct {
				after time.Duration
				says  string
				as    string
			}{{23 * time.Hour, "Within a day.", "RESPONSE"}, {2 * time.Hour, "A day later.", "MESSAGE_TAG HUMAN_AGENT"}, {142 * time.Hour, "Nearly a week later.", "MESSAGE_TAG HUMAN_AGENT"}} {
				s.clock.advance(step.after)
				editor.want(http.StatusOK, http.MethodPost, at+"/replies", object{"text": step.says})
				eventually(t, step.says, func() bool { return meta.of(step.says) != "" })
				if got := meta.of(step.says); got != step.as {
					t.Errorf("%q is sent as %q", step.says, got)
				}
			}
			s.clock.advance(2 * time.Hour)
			if got := editor.send(http.MethodPost, at+"/replies", object{"text": "Too late."}); got.status != http.StatusConflict || !strings.Contains(got.body, "too long ago") || meta.of("Too late.") != "" {
				t.Errorf("after seven days: %d %s", got.status, got.body)
			}
		})
	}
}
